package llm

// NewLimitedSplitter is NewSplitter with another limit for one event.
var NewLimitedSplitter = newSplitter
