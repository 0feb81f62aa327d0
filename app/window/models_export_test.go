package window

// InWindow is how the window says an advice of the command line.
var InWindow = inWindow
