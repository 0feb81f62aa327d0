package window

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"unicode"
	"unicode/utf8"

	"assay/app"
	"assay/storage"
	"assay/traffic"
)

// Nothing is the argument or result of a method that has none.
type Nothing struct{}

// Fault is how an error reaches the window.
type Fault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// callError is an error whose text is a Fault in JSON: Wails passes an error's text on, and nothing else survives.
type callError struct {
	fault Fault
	cause error
}

func (e *callError) Error() string {
	text, err := json.Marshal(e.fault)
	if err != nil {
		return e.fault.Message
	}
	return string(text)
}

func (e *callError) Unwrap() error { return e.cause }

// faultOf turns an error into what the window shows.
func faultOf(err error) Fault {
	if query, ok := errors.AsType[*traffic.QueryError](err); ok {
		return Fault{Code: "query", Message: query.Error()}
	}
	if errors.Is(err, storage.ErrNoExchange) {
		return Fault{Code: string(app.CodeNotFound), Message: "This exchange is no longer in the project."}
	}
	if known, ok := errors.AsType[*app.Error](err); ok {
		message := known.Message
		if known.Err != nil {
			message += ": " + known.Err.Error()
		}
		return Fault{Code: string(known.Code), Message: sentence(message), Hint: sentence(cmp.Or(known.InWindow, known.Hint))}
	}
	return Fault{Code: string(app.CodeFailed), Message: sentence(err.Error())}
}

// sentence begins with a capital letter, which the words of an error do not, unless it begins with a name or an address.
func sentence(text string) string {
	word, _, _ := strings.Cut(text, " ")
	if strings.ContainsFunc(word, func(r rune) bool { return r != ',' && r != '\'' && !unicode.IsLower(r) }) || word == "" {
		return text
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// guard is deferred in every bound method, with the address of its error: it makes a panic an error (otherwise the
// window would wait for ever) and gives every error the form the window reads.
//
//	func (t *Traffic) Page(in PageIn) (out PageOut, err error) {
//		defer t.desk.guard(&err)
func (d *Desk) guard(err *error) {
	if p := recover(); p != nil {
		d.log().Error("a method of the window panicked", "panic", p, "stack", string(debug.Stack()))
		*err = &app.Error{Code: app.CodeFailed, Message: fmt.Sprintf("something went wrong inside Assay: %v", p), Hint: "nothing was lost; Settings, About has diagnostics to report it"}
	}
	if *err == nil {
		return
	}
	if _, done := errors.AsType[*callError](*err); !done {
		*err = &callError{faultOf(*err), *err}
	}
}

// exchangeID reads an id that the window sent.
func exchangeID(s string) (traffic.ID, error) {
	id, err := traffic.ParseID(s)
	if err != nil {
		return 0, &app.Error{Code: app.CodeUsage, Message: fmt.Sprintf("%q is not the id of an exchange", s)}
	}
	return id, nil
}
