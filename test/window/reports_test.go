package window

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// planted are a secret and personal data that the traffic of the project holds; nothing but a look may show them.
var planted = []string{"jane.planted@corp-example.org", "4111 1111 1111 1111", "AKIAQ6XPL3N7JDHQ2ZTB"}

// TestReports makes reports of a run as a person does: chooses for whom and of what, sees the true page, looks at what is
// hidden, shows one value and takes that back, and takes every format home.
func TestReports(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		w.visit("Reports")
		w.Eventually("nothing to report is said", func() bool { return w.Says("There is nothing to report yet") })
		w.Screenshot("reports-none")
		w.fallsFor(startWeakLab(t))
		w.plant()
		w.visit("Home")
		w.visit("Reports")
		w.previewed()
		w.onCover()
		w.hiddenAway()
		w.showsOne()
		w.reportsTaken()
		w.remembered()
	})
}

// plant puts secrets and personal data where a report tells them: into the note of a finding, as a person writes it.
func (w *page) plant() {
	w.t.Helper()
	var list struct {
		Items []struct{ ID, Title string } `json:"items"`
	}
	w.Call("Findings.List", map[string]any{}, &list)
	if len(list.Items) < 3 {
		w.t.Fatalf("%d findings", len(list.Items))
	}
	w.Call("Findings.Note", map[string]any{"id": list.Items[0].ID, "note": fmt.Sprintf("Mail %s, card %s.", planted[0], planted[1])}, nil)
	w.Call("Findings.Note", map[string]any{"id": list.Items[1].ID, "note": fmt.Sprintf("aws_access_key_id=%s, again %s", planted[2], planted[0])}, nil)
}

// inReport reads the text of the preview's frame, whose origin is another one: the driver goes in, as a person's eyes do.
func (w *page) inReport(script string) (value any) {
	w.t.Helper()
	var frame map[string]string
	w.try("find the preview", func() error {
		return w.do("POST", "/element", map[string]string{"using": "css selector", "value": "[data-pane=reports-preview] iframe[data-ready]"}, &frame)
	})
	if err := w.do("POST", "/frame", map[string]any{"id": frame}, nil); err != nil {
		return nil // another page took its place
	}
	defer func() {
		if err := w.do("POST", "/frame", map[string]any{"id": nil}, nil); err != nil {
			w.fail("leave the preview: %v", err)
		}
	}()
	if err := w.script(&value, script); err != nil {
		return nil
	}
	return value
}

// reportSays waits until the preview has a text.
func (w *page) reportSays(texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		w.within(2*patience, "the report says "+text, func() bool {
			said, _ := w.inReport(`return document.body.textContent`).(string)
			return strings.Contains(said, text)
		})
	}
}

// keepsSecrets fails where a planted value can be read in the window or in the preview.
func (w *page) keepsSecrets(when string, but ...string) {
	w.t.Helper()
	said, _ := w.JS(`return document.body.innerText + [...document.querySelectorAll('[title], [aria-label], input, textarea')].map((e) => [e.title, e.ariaLabel, e.value].join(' ')).join(' ')`).(string)
	report := ""
	if w.Has("[data-pane=reports-preview] iframe[data-ready]") {
		report, _ = w.inReport(`return document.documentElement.outerHTML`).(string)
		if !strings.Contains(report, "</html>") {
			w.t.Errorf("%s: the preview could not be read", when)
		}
	}
	for _, secret := range planted {
		if len(but) > 0 && but[0] == secret {
			continue
		}
		if strings.Contains(said, secret) {
			w.t.Errorf("%s: the window says %s", when, secret)
		}
		if strings.Contains(report, secret) {
			w.t.Errorf("%s: the preview has %s", when, secret)
		}
	}
}

// previewed sees the true page of the report.
func (w *page) previewed() {
	w.t.Helper()
	w.Wait("[data-pane=reports-form]")
	w.reportSays("A picture whose address carries the conversation", "⟨e-mail 1⟩")
	if ran := w.inReport(`return document.scripts.length + document.querySelectorAll('[src^=http], [onload], [onerror]').length`); ran != 0.0 {
		w.t.Errorf("the preview has %v scripts and pictures from elsewhere", ran)
	}
	w.keepsSecrets("at first")
	w.Screenshot("reports-preview")
	// A link in it leads nowhere, and the page comes back.
	w.inReport(`const link = document.querySelector('a[href^=http]'); link?.click(); return !!link`)
	w.reportSays("A picture whose address carries the conversation")
}

// onCover writes what stands on the cover, and chooses another audience.
func (w *page) onCover() {
	w.t.Helper()
	w.label("Title", "Assessment of the weak bot")
	w.label("Client", "Acme Ltd")
	w.reportSays("Assessment of the weak bot", "Acme Ltd")
	w.JS(`document.querySelector('[data-pane=reports-form] input[value=executive]').click()`)
	w.Eventually("it is for executives", func() bool {
		said, _ := w.inReport(`return document.body.textContent`).(string)
		return strings.Contains(said, "Assessment of the weak bot") && !strings.Contains(said, "curl ")
	})
	w.Screenshot("reports-executive")
	w.JS(`document.querySelector('[data-pane=reports-form] input[value=retest]').click()`)
	w.Eventually("a retest needs two runs", func() bool {
		return w.Says("There are not two of them yet") && w.Has("[data-pane=reports-preview] [role=alert]")
	})
	w.Screenshot("reports-retest")
	w.JS(`document.querySelector('[data-pane=reports-form] input[value=technical]').click()`)
	w.reportSays("Assessment of the weak bot", "curl ")
}

// label writes into the field of a label.
func (w *page) label(name, text string) {
	w.t.Helper()
	w.Eventually("there is a field "+name, func() bool {
		return w.JS(`const label = [...document.querySelectorAll('[data-pane=reports-form] label')].find((e) => e.textContent === arguments[0]);
			label?.control?.setAttribute('data-labelled', arguments[0]); return !!label?.control`, name) == true
	})
	w.Type("[data-labelled='"+name+"']", text)
}

// hiddenAway reads what is hidden, by type, and looks at one value.
func (w *page) hiddenAway() {
	w.t.Helper()
	w.tab("Hidden")
	w.Eventually("types and counts are told", func() bool {
		said := w.said("[data-pane=reports-hidden]")
		return strings.Contains(said, "e-mail address") && strings.Contains(said, "card number") && strings.Contains(said, "1 token")
	})
	w.keepsSecrets("in the list of what is hidden")
	w.Screenshot("reports-hidden")
	look := w.placeholderOf(planted[0])
	w.ClickText("[data-pane=reports-hidden] button", "Look at "+look)
	w.Eventually("the value is seen", func() bool { return strings.Contains(w.said("[data-seen]"), planted[0]) })
	w.ClickText("[data-pane=reports-hidden] button", "Cover "+look+" again")
	w.Eventually("it is covered", func() bool { return !w.Has("[data-seen]") })
	w.keepsSecrets("after a look")
}

// placeholderOf looks at every placeholder as the window can, and finds the one of a value.
func (w *page) placeholderOf(value string) string {
	w.t.Helper()
	var form struct {
		Form json.RawMessage `json:"form"`
	}
	w.Call("Reports.Choices", map[string]any{}, &form)
	var preview struct {
		ID     string `json:"id"`
		Hidden []struct {
			Items []struct{ Placeholder string } `json:"items"`
		} `json:"hidden"`
	}
	w.Call("Reports.Preview", form.Form, &preview)
	found := ""
	for _, kind := range preview.Hidden {
		for _, item := range kind.Items {
			var out struct{ Value string }
			w.Call("Reports.Look", map[string]string{"preview": preview.ID, "placeholder": item.Placeholder}, &out)
			if out.Value == value {
				found = item.Placeholder
			}
		}
	}
	if found == "" {
		w.t.Fatalf("%s is not hidden", value)
	}
	w.ClickText("button", "Refresh") // the preview of the window is the latest again
	w.calm()
	return found
}

// showsOne shows a value in the report after it was asked, sees that it is marked, and hides it again.
func (w *page) showsOne() {
	w.t.Helper()
	show := w.placeholderOf(planted[0])
	w.ClickText("[data-pane=reports-hidden] button", "Show "+show+" in the report")
	w.Eventually("it is asked", func() bool { return w.Says("Everybody who gets the report can read this") })
	w.Screenshot("reports-ask")
	w.ClickText("[role=dialog] button", "Show it")
	w.Eventually("it is marked", func() bool { return w.Says("shown in the report") && w.Says("1 value is shown in it") })
	w.tab("Preview")
	w.reportSays(planted[0])
	w.keepsSecrets("with one value shown", planted[0])
	w.Screenshot("reports-shown")
	w.JS(`document.querySelector('[data-pane=reports-form]').focus()`) // keys that are pressed in the preview stay there
	w.Keys("Mod+Z")
	w.Eventually("it is hidden again", func() bool { return !w.Says("1 value is shown in it") })
	w.Eventually("the report hides it", func() bool {
		said, _ := w.inReport(`return document.body.textContent`).(string)
		return said != "" && !strings.Contains(said, planted[0])
	})
	w.keepsSecrets("after it was taken back")
}

// reportsTaken takes every format home. The desktop program asks where to with a dialog of the system, which cannot be driven
// here.
func (w *page) reportsTaken() {
	w.t.Helper()
	if w.Target != "browser" {
		return
	}
	folder := w.t.TempDir()
	w.devtools("Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": folder})
	checks := map[string]func(data []byte) error{
		"PDF": func(data []byte) error { return begins(data, "%PDF-") }, "HTML": func(data []byte) error { return begins(data, "<!doctype html>") },
		"Markdown": func(data []byte) error { return begins(data, "# ") }, "JSON": func(data []byte) error { return json.Unmarshal(data, new(map[string]any)) },
		"CSV": func(data []byte) error { return holds(data, "critical") }, "SARIF": func(data []byte) error { return json.Unmarshal(data, new(map[string]any)) },
		"JUnit": func(data []byte) error { return xml.Unmarshal(data, new(struct{ XMLName xml.Name })) },
		"HAR":   func(data []byte) error { return json.Unmarshal(data, new(map[string]any)) },
	}
	for format, check := range checks {
		w.chooseFormat(format)
		data := w.taken(folder, func() { w.ClickText("[data-pane=reports-export] button", "Download "+format) })
		if err := check(data); err != nil {
			w.t.Errorf("%s: %v", format, err)
		}
		for _, secret := range planted {
			if format != "PDF" && bytes.Contains(data, []byte(secret)) {
				w.t.Errorf("%s has %s", format, secret)
			}
		}
	}
	w.bundled(w.taken(folder, func() { w.ClickText("[data-pane=reports-export] button", "Share bundle") }))
}

func begins(data []byte, with string) error {
	if !strings.HasPrefix(strings.ToLower(string(data[:min(len(data), 100)])), strings.ToLower(with)) {
		return fmt.Errorf("it begins with %.60q", data)
	}
	return nil
}

func holds(data []byte, what string) error {
	if !bytes.Contains(data, []byte(what)) {
		return fmt.Errorf("%q is not in %.200q", what, data)
	}
	return nil
}

// chooseFormat chooses what the report is written as.
func (w *page) chooseFormat(name string) {
	w.t.Helper()
	w.Eventually(name+" is chosen", func() bool {
		return w.JS(`const field = document.querySelector('[data-pane=reports-export] input');
			if (field.value === arguments[0]) return true;
			if (field.getAttribute('aria-expanded') !== 'true') field.click();
			[...document.querySelectorAll('[role=option]')].find((e) => e.textContent === arguments[0])?.click();
			return false`, name) == true
	})
}

// taken is the file that a browser downloads when something is done.
func (w *page) taken(folder string, do func()) (data []byte) {
	w.t.Helper()
	do()
	w.within(2*patience, "a file is downloaded", func() bool {
		files, _ := filepath.Glob(filepath.Join(folder, "*"))
		for _, file := range files {
			if strings.HasSuffix(file, ".crdownload") {
				continue
			}
			if text, err := os.ReadFile(file); err == nil && len(text) > 0 {
				data = text
				_ = os.Remove(file)
			}
		}
		return data != nil
	})
	return data
}

// bundled looks into the zip.
func (w *page) bundled(data []byte) {
	w.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		w.t.Errorf("bundle: %v", err)
		return
	}
	var names []string
	for _, f := range z.File {
		names = append(names, filepath.Base(f.Name))
	}
	for _, want := range []string{"report.html", "report.pdf", "evidence.har"} {
		if !strings.Contains(strings.Join(names, " "), want) {
			w.t.Errorf("the bundle has no %s: %v", want, names)
		}
	}
}

// remembered finds what was made in the list, and what was chosen after another screen was looked at.
func (w *page) remembered() {
	w.t.Helper()
	w.tab("Made")
	if w.Target == "browser" {
		w.Eventually("nine reports were made", func() bool { return w.Count("[data-pane=reports-made] tbody tr") == 9 })
		w.Screenshot("reports-made")
	} else {
		w.Eventually("none was made", func() bool { return w.Says("No report was made of this project yet") })
	}
	var kept struct {
		Form struct{ Title, Client, Audience string } `json:"form"`
	}
	w.Eventually("the project keeps what was chosen", func() bool {
		w.Call("Reports.Choices", map[string]any{}, &kept)
		return kept.Form.Title == "Assessment of the weak bot" && kept.Form.Client == "Acme Ltd" && kept.Form.Audience == "technical"
	})
}
