// Package window is what the window calls: thin structs, one file per screen, whose methods Wails (or package bridge, in
// a browser) makes callable from JavaScript.
//
// Every bound method is func(In) (Out, error) with plain structs on both sides: ids are decimal strings, times RFC 3339
// strings, durations milliseconds, slices never nil, no generics, no []byte, no integer beyond 2^53, no float that can be
// NaN or infinite (a result that cannot be marshalled ends the process). binding_test.go holds these rules. Errors reach
// the window as a JSON object {code, message, hint}; panics become errors.
//
// Bodies do not pass through bindings: Desk.Handler serves them as bytes. Events carry ids and counters only, at most
// ten a second (Pulse); the window then asks for what it shows.
//
// Nothing here knows Wails. No method takes a command, a path to run or a URL to fetch without its own check.
package window
