// Package app is the application without a window: it wires recorder, storage and analysis together, one file per
// noun, and is what the command line and the desktop window both call.
package app
