package app

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/pkg/browser"
)

// silence keeps what a browser mutters out of our own output.
var silence = sync.OnceFunc(func() { browser.Stdout, browser.Stderr = io.Discard, io.Discard })

// browsePatience is how long a browser has to fail. Some stay in the foreground until they are closed.
const browsePatience = 2 * time.Second

// Browse opens an address of the web in the system's browser.
func Browse(address string) error {
	safe, err := browsable(address)
	if err != nil {
		return err
	}
	silence()
	failed := make(chan error, 1)
	go func() { failed <- browser.OpenURL(safe) }()
	select {
	case err := <-failed:
		if err != nil {
			return &Error{Code: CodeFailed, Message: "no browser could be opened", Err: err, Hint: "open the address in one yourself"}
		}
	case <-time.After(browsePatience):
	}
	return nil
}

// browsable returns the address as it may be handed to other programs: http or https, without a password, and without
// the characters that a shell or a launcher on the way might read as its own.
func browsable(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "", usagef("", "%.200q is not an address of the web", address)
	}
	safe := u.Scheme + "://" + u.Host + encodeShell(u.RequestURI())
	if u.Fragment != "" {
		safe += "#" + encodeShell(u.EscapedFragment())
	}
	return safe, nil
}

func encodeShell(s string) string {
	var out strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("()[]{}*!~;|$\\<>\"'`^", c) >= 0 {
			fmt.Fprintf(&out, "%%%02X", c)
		} else {
			out.WriteByte(c)
		}
	}
	return out.String()
}
