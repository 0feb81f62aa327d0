package app

import (
	"errors"
	"fmt"
)

// Code sorts errors for programs: exit codes of the command line, buttons of the window.
type Code string

// The codes of an Error.
const (
	CodeUsage    Code = "usage"     // asked for something that does not exist or does not fit together
	CodeInput    Code = "input"     // a file or value that cannot be read
	CodeNotFound Code = "not-found" // names something that is not there
	CodeBusy     Code = "busy"      // a port or a project is in use
	CodeFailed   Code = "failed"    // could not be done for another reason
)

// Error is what a person is told: one sentence, what to do about it, and the cause for those who look further.
type Error struct {
	Code     Code
	Message  string
	Hint     string
	InWindow string // the hint for those who have a window and no command line; empty where it is the same
	Err      error
}

// Error returns the sentence, its cause and the hint on one line.
func (e *Error) Error() string {
	s := e.Message
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first Error in the chain, or CodeFailed.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeFailed
}

func usagef(hint, format string, args ...any) error {
	return &Error{Code: CodeUsage, Message: fmt.Sprintf(format, args...), Hint: hint}
}
