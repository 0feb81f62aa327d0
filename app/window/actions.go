package window

import (
	"context"
	"strings"

	"assay/app"
	"assay/app/snippet"
	"assay/llm"
	"assay/traffic"
)

// Actions is what can be done with exchanges wherever they appear: copy, save, export, leave a host unread.
type Actions struct{ desk *Desk }

// CopyIn says what is copied, and as what.
type CopyIn struct {
	ID     string `json:"id"`
	Format string `json:"format"` // curl, python, javascript, raw, prompt, answer, markdown
	Reveal bool   `json:"reveal"` // put the credentials in, which are placeholders otherwise
}

// CopyOut is the text for the clipboard.
type CopyOut struct {
	Text        string `json:"text"`
	Credentials bool   `json:"credentials"` // values of credentials are in the text
}

// copied is one exchange on its way to the clipboard.
type copied struct {
	record *traffic.Record
	said   *llm.Conversation
	reveal traffic.Reveal
}

// copyFormats write an exchange as text: a new one is a function and a line here.
var copyFormats = map[string]func(*copied) string{
	"curl":       func(c *copied) string { return traffic.ToCurl(c.record, c.reveal) },
	"python":     func(c *copied) string { return snippet.Python(c.record, c.said, c.reveal) },
	"javascript": func(c *copied) string { return snippet.JavaScript(c.record, c.said, c.reveal) },
	"raw":        rawText,
	"prompt":     promptText,
	"answer":     answerText,
	"markdown":   markdownText,
}

// Copy writes an exchange as text of a format.
func (a *Actions) Copy(in CopyIn) (out CopyOut, err error) {
	defer a.desk.guard(&err)
	write := copyFormats[in.Format]
	if write == nil {
		return out, &app.Error{Code: app.CodeUsage, Message: "there is no such format to copy as"}
	}
	c, err := a.desk.copied(a.desk.life(), in)
	if err != nil {
		return out, err
	}
	inner := c.reveal
	if inner != nil {
		c.reveal = func(placeholder string) string {
			text := inner(placeholder)
			out.Credentials = out.Credentials || text != placeholder
			return text
		}
	}
	out.Text = write(c)
	if out.Text == "" {
		return out, &app.Error{Code: app.CodeNotFound, Message: nothingThere[in.Format]}
	}
	return out, nil
}

// nothingThere says why a format gives no text.
var nothingThere = map[string]string{
	"prompt":   "This exchange has no prompt that could be read.",
	"answer":   "This exchange has no answer that could be read.",
	"markdown": "This exchange holds no conversation that could be read.",
}

func (d *Desk) copied(ctx context.Context, in CopyIn) (*copied, error) {
	project, err := d.opened()
	if err != nil {
		return nil, err
	}
	id, err := exchangeID(in.ID)
	if err != nil {
		return nil, err
	}
	record, err := project.ExchangeRecord(ctx, id)
	if err != nil {
		return nil, err
	}
	_, said, err := project.Store().Understand(ctx, id)
	if err != nil {
		return nil, err
	}
	return &copied{record, said, project.Revealer(ctx, in.Reveal)}, nil
}

// HostIn names a host.
type HostIn struct {
	Host string `json:"host"`
}

// PassThrough leaves a host unread from now on, also after a restart.
func (a *Actions) PassThrough(in HostIn) (out SettingsOut, err error) {
	defer a.desk.guard(&err)
	return a.desk.changeHosts(in.Host, func(c *app.CaptureSettings, host string) {
		c.PassThrough = append(without(c.PassThrough, host), host)
	})
}

// Decrypt reads a host again that was passed through.
func (a *Actions) Decrypt(in HostIn) (out SettingsOut, err error) {
	defer a.desk.guard(&err)
	return a.desk.changeHosts(in.Host, func(c *app.CaptureSettings, host string) {
		c.PassThrough = without(c.PassThrough, host)
	})
}

// changeHosts changes the settings about one host and what the recorder at work does with it.
func (d *Desk) changeHosts(host string, change func(*app.CaptureSettings, string)) (SettingsOut, error) {
	host = strings.ToLower(strings.TrimSpace(host))
	s, err := d.app.Home.Settings()
	if err != nil {
		return SettingsOut{}, err
	}
	change(&s.Capture, host)
	problems, err := d.saveSettings(app.SectionCapture, s)
	if err != nil {
		return SettingsOut{}, err
	}
	if len(problems) > 0 {
		return SettingsOut{}, &app.Error{Code: app.CodeUsage, Message: problems[0].Message}
	}
	d.setHost(host, s.Capture)
	return d.settings()
}

func without(list []string, s string) []string {
	kept := make([]string, 0, len(list))
	for _, each := range list {
		if each != s {
			kept = append(kept, each)
		}
	}
	return kept
}
