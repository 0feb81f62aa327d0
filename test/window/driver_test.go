package window

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// driver is a session of a WebDriver (https://www.w3.org/TR/webdriver2/).
type driver struct {
	ctx     context.Context //nolint:containedctx // the test's
	base    string          // http://127.0.0.1:port
	session string
}

// driverError is an error the driver answered.
type driverError struct {
	Code    string `json:"error"`
	Message string `json:"message"`
}

func (e *driverError) Error() string { return e.Code + ": " + strings.SplitN(e.Message, "\n", 2)[0] }

// passing are errors of a page that is about to change: trying again is what a person would do.
func passing(err error) bool {
	e, is := errors.AsType[*driverError](err)
	if !is {
		return false
	}
	switch e.Code {
	case "no such element", "stale element reference", "element not interactable", "element click intercepted":
		return true
	}
	return false
}

// element is how the protocol names one.
type element string

const elementKey = "element-6066-11e4-a52e-4f735466cecf"

func (e element) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{elementKey: string(e)})
}

func (e *element) UnmarshalJSON(data []byte) error {
	var named map[string]string
	if err := json.Unmarshal(data, &named); err != nil {
		return err
	}
	*e = element(named[elementKey])
	return nil
}

// newDriver begins a session, as soon as the driver behind base answers.
func newDriver(ctx context.Context, base string, capabilities map[string]any) (*driver, error) {
	d := &driver{ctx: ctx, base: base}
	var answer struct {
		ID string `json:"sessionId"`
	}
	body := map[string]any{"capabilities": map[string]any{"alwaysMatch": capabilities}}
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		err := d.do("POST", "/session", body, &answer)
		if _, answered := errors.AsType[*driverError](err); err == nil || answered || time.Since(began) > 10*time.Second {
			d.session = answer.ID
			return d, err
		}
	}
}

// do sends one command of the session.
func (d *driver) do(method, path string, body, value any) error {
	if d.session != "" {
		path = "/session/" + d.session + path
	}
	var payload io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		payload = bytes.NewReader(data)
	}
	ctx, cancel := context.WithTimeout(d.ctx, time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, d.base+path, payload)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s %s: %s: %w", method, path, resp.Status, err)
	}
	if resp.StatusCode != http.StatusOK {
		failed := &driverError{}
		if err := json.Unmarshal(answer.Value, failed); err != nil {
			return fmt.Errorf("%s %s: %s", method, path, resp.Status)
		}
		return failed
	}
	if value == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, value)
}

func (d *driver) open(url string) error {
	return d.do("POST", "/url", map[string]string{"url": url}, nil)
}

func (d *driver) close() error { return d.do("DELETE", "", nil, nil) }

func (d *driver) find(css string) (found element, err error) {
	err = d.do("POST", "/element", map[string]string{"using": "css selector", "value": css}, &found)
	return found, err
}

// on does something with the first element that matches.
func (d *driver) on(css, method, command string, body, value any) error {
	found, err := d.find(css)
	if err != nil {
		return err
	}
	return d.do(method, "/element/"+string(found)+command, body, value)
}

// script runs the body of a function and waits for the promise it may return.
func (d *driver) script(value any, body string, args ...any) error {
	if args == nil {
		args = []any{}
	}
	wrapped := `const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);
		(async function () { ` + body + ` }).apply(null, given).then((value) => done({ value }), (reason) => done({ failed: String(reason) }));`
	var answer struct {
		Value  json.RawMessage `json:"value"`
		Failed *string         `json:"failed"`
	}
	if err := d.do("POST", "/execute/async", map[string]any{"script": wrapped, "args": args}, &answer); err != nil {
		return err
	}
	if answer.Failed != nil {
		return errors.New(*answer.Failed)
	}
	if value == nil || len(answer.Value) == 0 {
		return nil
	}
	return json.Unmarshal(answer.Value, value)
}

func (d *driver) screenshot() ([]byte, error) {
	var text string
	if err := d.do("GET", "/screenshot", nil, &text); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
