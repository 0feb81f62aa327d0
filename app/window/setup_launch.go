package window

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"time"

	"assay/app"
	"assay/proxy/launch"
)

// OpenBrowserIn says which browser to open, and on which page.
type OpenBrowserIn struct {
	Name string `json:"name"` // of Found.Browsers
	Path string `json:"path"` // of a browser that was not found, in place of Name
	Page string `json:"page"` // http or https; empty for the practice target's page where it runs, else an empty one
}

// OpenBrowser starts a browser with a profile of its own that uses and trusts the recorder, and the recorder if it is
// off. Only browsers that were found, and programs that are called like one, are started.
func (s *Setup) OpenBrowser(in OpenBrowserIn) (out Started, err error) {
	defer s.desk.guard(&err)
	browser, err := browserOf(in)
	if err != nil {
		return out, err
	}
	page, err := s.desk.startPage(in.Page)
	if err != nil {
		return out, err
	}
	if !launch.HasScreen(nil) {
		return out, errNoScreen
	}
	return s.desk.launch(&client{browser: browser, name: browser.Name}, func(ctx context.Context, l *app.Launcher) (*exec.Cmd, error) {
		return l.Open(ctx, browser, page)
	})
}

var errNoScreen = &app.Error{
	Code: app.CodeFailed, Message: "this computer has no screen that Assay can open a window on",
	Hint: "run Assay where you sit, or set the proxy in a browser by hand",
}

// OpenTerminal opens a window with a shell whose programs use and trust the recorder.
func (s *Setup) OpenTerminal(Nothing) (out Started, err error) {
	defer s.desk.guard(&err)
	program := launch.TerminalProgram()
	if program == "" {
		return out, &app.Error{Code: app.CodeFailed, Message: "there is no terminal program here that Assay can open", Hint: "paste the variables into a shell instead"}
	}
	return s.desk.launch(&client{name: program}, func(ctx context.Context, l *app.Launcher) (*exec.Cmd, error) {
		return l.Terminal(ctx)
	})
}

// StartedIn names a client that was started here.
type StartedIn struct {
	ID string `json:"id"`
}

// EndClient asks a browser or terminal that was started here to end, and forgets one that has ended.
func (s *Setup) EndClient(in StartedIn) (out SetupStatus, err error) {
	defer s.desk.guard(&err)
	s.desk.setup.end(in.ID)
	return s.desk.setupStatus()
}

func browserOf(in OpenBrowserIn) (launch.Browser, error) {
	if in.Path != "" {
		b, err := launch.At(in.Path)
		if err != nil {
			return b, &app.Error{Code: app.CodeInput, Message: err.Error(), Hint: "choose the program of Chrome, Chromium, Edge, Brave or Firefox"}
		}
		return b, nil
	}
	b, err := launch.Find(in.Name)
	if err != nil {
		return b, &app.Error{Code: app.CodeNotFound, Message: err.Error(), Hint: "say where the browser's program is"}
	}
	return b, nil
}

// startPage checks the page to open. It reaches the browser as an argument and must not be taken for an option.
func (d *Desk) startPage(page string) (string, error) {
	if page = strings.TrimSpace(page); page == "" {
		if at := d.setup.url(); at != "" {
			return at + "/", nil
		}
		return "about:blank", nil
	}
	u, err := url.Parse(page)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return "", &app.Error{Code: app.CodeInput, Message: fmt.Sprintf("%q is not the address of a page", page), Hint: "it begins with http:// or https://"}
	}
	return u.String(), nil
}

// launch starts a client that uses and trusts the recorder, and waits for its end in the background.
func (d *Desk) launch(one *client, prepare func(context.Context, *app.Launcher) (*exec.Cmd, error)) (Started, error) {
	launcher, err := d.launcher()
	if err != nil {
		return Started{}, err
	}
	ctx, cancel := context.WithCancel(d.life())
	cmd, err := prepare(ctx, launcher)
	said := &lastWords{}
	if err == nil {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = nil, said, said
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		_ = launcher.Close() // nothing runs that needs its folder
		return Started{}, &app.Error{Code: app.CodeFailed, Message: "cannot start " + one.name, Err: err}
	}
	one.at, one.cancel = time.Now(), cancel
	one.before = d.setup.tally.of(one.browser.Runs)
	d.setup.add(one)
	d.setup.wait.Go(func() {
		err := cmd.Wait()
		problem := ""
		if err != nil && ctx.Err() == nil {
			problem = said.about(err)
		}
		cancel()
		if err := launcher.Close(); err != nil {
			d.log().Warn("the folder of a client could not be removed", "err", err)
		}
		d.setup.over(one, problem)
		d.pulse.changed()
	})
	d.pulse.changed()
	return d.startedOf(*one), nil
}

// launcher makes what starts clients of the recorder at work; one is started where there is none.
func (d *Desk) launcher() (*app.Launcher, error) {
	recording, err := d.captured()
	if err != nil {
		return nil, err
	}
	return d.app.Launcher(d.life(), app.RecordOptions{Project: recording.Project(), Listen: recording.Listen()})
}

// lastWords keeps the end of what a program writes.
type lastWords struct{ text []byte }

const lastWordsKept = 4 << 10

// Write implements io.Writer; exec serialises the calls.
func (w *lastWords) Write(p []byte) (int, error) {
	w.text = append(w.text, p...)
	if over := len(w.text) - lastWordsKept; over > 0 {
		w.text = append(w.text[:0], w.text[over:]...)
	}
	return len(p), nil
}

// about adds the last line to why a program ended.
func (w *lastWords) about(err error) string {
	lines := bytes.Split(bytes.TrimSpace(w.text), []byte("\n"))
	if last := app.Harmless(string(lines[len(lines)-1]), 300); last != "" {
		return err.Error() + ": " + last
	}
	return err.Error()
}
