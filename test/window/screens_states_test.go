package window

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// emptyScreens are those of a new installation.
func emptyScreens(t *testing.T) {
	w := album(t, options{Args: []string{"--no-capture"}, Env: []string{"DISPLAY=:0"}})
	w.Eventually("a newcomer is shown how to connect", func() bool { return w.Says("Connect something") })
	w.state("setup-off")
	for _, screen := range []struct{ title, name string }{{"Home", "home-empty"}, {"Traffic", "traffic-off"}, {"Inventory", "inventory-empty"}, {"Repeater", "repeater-empty"}} {
		w.visit(screen.title)
		w.state(screen.name)
	}
	w.ClickText("button", "Paste a curl command")
	w.Wait("[role=dialog] textarea")
	w.state("repeater-curl")
	w.Keys("Escape")

	w.visit("Traffic")
	w.Call("Session.StartCapture", map[string]string{"listen": "127.0.0.1:0"}, nil)
	w.capturing()
	w.Eventually("the list waits", func() bool { return w.Says("Waiting for traffic") })
	w.state("traffic-waiting")
	w.ClickText("button", "Connect")
	w.Eventually("the tiles are shown", func() bool { return w.Says("Connect something") })
	w.mainState("setup")
	for title, name := range map[string]string{"Certificate": "certificate", "Docker": "machines", "Import a file": "import"} {
		w.JS(`[...document.querySelectorAll('section h2')].find((e) => e.textContent === arguments[0]).scrollIntoView({ block: 'center' })`, title)
		w.state("setup-" + name)
	}
	w.Click("[aria-label^='Capture:']")
	w.Eventually("the popover is open", func() bool { return w.Says("Stop capturing") })
	w.state("capture")
	w.Keys("Escape")
	w.ClickText("button", "default")
	w.Eventually("the menu is open", func() bool { return w.Says("New project…") })
	w.state("project-menu")
	w.ClickText("[role=menuitem]", "Open a project…")
	w.Wait("[role=dialog] input")
	w.state("project-open")
}

// sampleScreens are lists and what opens over them.
func sampleScreens(t *testing.T) {
	w := sample(t)
	w.visit("Home")
	w.mainState("home")
	w.ClickText("button", "Connect")
	w.Eventually("what was seen is said", func() bool { return w.Says("seen") })
	w.state("setup-seen")
	w.visit("Traffic")
	w.Wait("[role=row][id]")
	w.mainState("traffic")
	w.filterStates()
	w.listStates()
	w.markStates()
	w.find("tag:tools", "1")
	w.unfiltered()
	w.Eventually("the open exchange keeps its place in the whole list", func() bool {
		return w.JS(`return document.querySelector('[role=row][data-active]')?.getAttribute('aria-label').includes('to-check')
			&& document.querySelector('[role$=grid]').scrollTop > 0`) == true
	})
	w.mainState("traffic-open")

	w.Keys("Mod+K")
	w.Wait("[role=dialog] input")
	w.mainState("palette")
	w.letters("theme")
	w.state("palette-found")
	w.Keys("Escape")
	w.visit("Traffic")
	w.top()
	w.Keys("?")
	w.Wait("[role=dialog]")
	w.mainState("keys")
	w.Keys("Escape")
	w.diffStates()
}

// filterStates are those of the filter line.
func (w *page) filterStates() {
	w.t.Helper()
	const filter = "[role=combobox]"
	w.write(filter, "provider:openai to")
	w.Wait("[role=listbox] [role=option]")
	w.state("filter-suggestions")
	w.Keys("Escape", "Escape")
	w.write(filter, "colour:red and not (tag:leak")
	w.Wait("[data-problem][role=alert]")
	w.Keys("Escape")
	w.state("filter-error")
	w.write(filter, "provder:openai")
	w.Eventually("a field is proposed", func() bool { return w.Says("Use provider") })
	w.state("filter-nearest")
	w.write(filter, "model:gpt-7")
	w.Keys("Enter")
	w.Eventually("nothing is found", func() bool { return w.Says("Nothing matches this filter") })
	w.state("filter-nothing")
	w.write(filter, "provider:openai tokens>100")
	w.Keys("Enter")
	w.Eventually("the filter is said in words", func() bool { return w.Says("more than 100") && w.Has("[role=row][id]") })
	w.mainState("filtered")
	w.ClickText("search button", "Saved")
	w.Wait("[aria-label='Saved filters'] input")
	w.state("filter-saved")
	w.Keys("Escape")
	w.unfiltered()
}

// listStates are those of the list itself.
func (w *page) listStates() {
	w.t.Helper()
	w.ClickText("label", "By conversation")
	w.Wait("[role=row][aria-expanded]")
	w.state("grouped")
	w.top()
	w.Keys("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight")
	w.state("grouped-open")
	w.ClickText("label", "By conversation")
	w.ClickText("search button", "6 other requests")
	w.Eventually("they can be hidden again", func() bool { return w.Says("Hide other requests") })
	w.top()
	w.state("others")
	w.ClickText("search button", "Hide other requests")
	w.ClickText("search button", "Columns")
	w.Eventually("the columns are listed", func() bool { return w.Says("Back to the usual columns") })
	w.state("columns")
	w.Keys("Escape")
	w.find("state:failed", "")
	w.state("refused")
	w.unfiltered()
}

// markStates are what is done to exchanges: the menu, marks, undo.
func (w *page) markStates() {
	w.t.Helper()
	w.find("colour:red", "")
	w.Keys("m")
	w.Wait("[role=dialog], .mantine-Popover-dropdown")
	w.state("mark")
	w.Keys("Escape", "t")
	w.state("mark-tags")
	w.Keys("Escape", "Mod+;")
	w.state("mark-note")
	w.Keys("Escape")
	w.contextMenu()
	w.state("menu")
	w.ClickText("[role=menuitem]", "Copy as")
	w.Eventually("the formats are listed", func() bool { return w.Says("Markdown") })
	w.state("menu-copy")
	w.Keys("Escape", "Escape")
	w.Click("[role=row][id]")
	w.Keys("Mod+E")
	w.Wait("[role=dialog]")
	w.state("export")
	w.Keys("Escape")
	w.Click("[role=row][id]")
	w.Keys("Delete")
	w.Eventually("it can be undone", func() bool { return w.Says("Undo") })
	w.state("undo")
	w.ClickText("button", "Undo")
	w.unfiltered()
}

func (w *page) contextMenu() {
	w.t.Helper()
	w.JS(`const row = document.querySelector('[role=row][aria-selected=true]'), box = row.getBoundingClientRect();
		row.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, button: 2, clientX: box.left + 300, clientY: box.bottom - 4 }))`)
	w.Wait("[role=menu]")
}

// diffStates compare two answers in each way.
func (w *page) diffStates() {
	w.t.Helper()
	w.find("ransomware", "")
	w.Keys("Shift+ArrowDown", "d")
	w.Eventually("the comparison is shown", func() bool { return w.Says("Meaning") })
	w.tab("Meaning")
	w.mainState("diff-meaning")
	w.tab("Text")
	w.state("diff-text")
	w.ClickText("label", "Side by side")
	w.state("diff-beside")
	w.tab("JSON")
	w.state("diff-json")
	w.ClickText("label", "Requests")
	w.tab("Text")
	w.state("diff-requests")
	w.visit("Traffic")
	w.find("model:amazon.nova-lite-v1:0", "")
	w.Keys("Shift+ArrowDown", "d")
	w.Eventually("the comparison is shown", func() bool { return w.Says("Meaning") })
	w.state("diff-same")
}

// exchangeScreens are one exchange in all views, and all that can be in them.
func exchangeScreens(t *testing.T) {
	w := sample(t)
	for _, one := range []struct{ query, view, name string }{
		{"tool_call:block_card", "1", "chat-tools"},
		{"model:gpt-5 and stream:true", "1", "chat-reasoning"},
		{`"this cheque"`, "1", "chat-image"},
		{"colour:red", "1", "chat"},
		{"colour:red", "2", "pretty"},
		{"colour:red", "3", "raw"},
		{"colour:red", "4", "hex"},
		{"model:gpt-5 and stream:true", "5", "stream"},
		{"colour:red", "Headers", "headers"},
		{"colour:red", "Timing", "timing"},
		{"model:gpt-realtime", "5", "frames"},
		{"model:gpt-realtime", "1", "chat-realtime"},
		{"status:429", "1", "chat-429"},
		{"status:404", "1", "chat-404"},
		{"host:push.bank.example", "1", "chat-refused"},
		{"host:retired-model.bank.example", "1", "chat-unreachable"},
		{"path:/mcp", "1", "chat-mcp"},
		{"model:text-embedding-3-small", "1", "chat-embedding"},
		{"model:omni-moderation-latest", "1", "chat-moderation"},
		{"family:anthropic.messages and tool_call:convert_currency", "1", "chat-anthropic"},
	} {
		w.find(one.query, one.view)
		if one.name == "chat" || one.name == "stream" {
			w.mainState("exchange-" + one.name)
		} else {
			w.state("exchange-" + one.name)
		}
	}
	w.write("[role=combobox]", "host:shop.example path:/api/orders")
	w.Keys("Enter")
	w.Eventually("only other requests are left", func() bool { return w.Says("No calls of a model here") })
	w.state("filter-others")
	w.ClickText("button", "Show 1 other request")
	w.find("host:shop.example path:/api/orders", "1")
	w.state("exchange-plain")
	w.find("colour:red", "3")
	w.Keys("Tab")
	w.Click("[data-scope~=viewer]")
	w.Keys("Mod+F")
	w.letters("nora")
	w.state("exchange-find")
	w.lost()
}

// lost is an exchange whose server ends the answer too early.
func (w *page) lost() {
	w.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", "100000")
		_, _ = fmt.Fprint(rw, `{"object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Refunds are`)
	}))
	w.t.Cleanup(server.Close)
	w.ask(server.URL, 0, "What is the refund policy?")
	w.find(`"refund policy"`, "1")
	w.Eventually("it has failed", func() bool { return w.Has("[data-tone]") })
	w.state("exchange-cut")
}

// repeaterScreens send a request to the practice target.
func repeaterScreens(t *testing.T) {
	w := sample(t)
	target := startLab(t, 0)
	w.visit("Repeater")
	w.repeat(target, "What is the capital of France?", "gpt-4o")
	w.state("repeater-new")
	w.Keys("Mod+Enter")
	w.answered("Paris")
	w.Click("[data-scope=repeater] textarea")
	w.write("[aria-label^='user text']", "Repeat: Nora, the assistant of Example Bank, at your service.")
	w.Keys("Mod+Enter")
	w.answered("Nora")
	w.mainState("repeater")
	w.ClickText("label", "Compare")
	w.state("repeater-compare")
	w.ClickText("label", "Answer")
	w.ClickText("label", "Raw")
	w.state("repeater-raw")
	w.ClickText("label", "Form")
	w.write("[aria-label='How often it is sent']", "10")
	w.state("repeater-times")
	w.Keys("Mod+Enter")
	w.Eventually("the answers agree", func() bool { return w.Says("10 of 10") || w.Says("of 10 answer") })
	w.state("repeater-agreement")
	w.repeat(target, "Hello", "lab-busy")
	w.Keys("Mod+Enter")
	w.Eventually("it is told to wait", func() bool { return w.Says("Retry") })
	w.state("repeater-busy")
	w.repeat("http://127.0.0.1:1", "Hello", "gpt-4o")
	w.Keys("Mod+Enter")
	w.Eventually("it has failed", func() bool { return w.Says("Retry") })
	w.state("repeater-unreachable")

	w.find("colour:red", "1")
	w.Keys("Mod+R")
	w.Eventually("the recorded answer is shown", func() bool { return w.Says("Not sent yet") })
	w.state("repeater-baseline")
}

// repeat makes a request of a curl command.
func (w *page) repeat(target, prompt, model string) {
	w.t.Helper()
	command := fmt.Sprintf(`curl %s/openai/v1/chat/completions -H 'Content-Type: application/json' -H 'Authorization: Bearer sk-lab-window-0123456789' -d '{"model":%q,"temperature":0.7,"messages":[{"role":"system","content":"You are Nora, the support assistant of Example Bank."},{"role":"user","content":%q}]}'`, target, model, prompt)
	if w.Has("[aria-label='Paste a curl command']") {
		w.Click("[aria-label='Paste a curl command']")
	} else {
		w.ClickText("button", "Paste a curl command")
	}
	w.Wait("[role=dialog] textarea")
	w.JS(`const area = document.querySelector('[role=dialog] textarea');
		Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(area, arguments[0]);
		area.dispatchEvent(new Event('input', { bubbles: true }))`, command)
	w.ClickText("[role=dialog] button", "Make a request of it")
	w.Eventually("the request can be edited", func() bool {
		return w.JS(`return [...document.querySelectorAll('[data-scope=repeater] textarea')].some((e) => e.value === arguments[0])`, prompt) == true
	})
}

// settingsScreens are the sections of the settings.
func settingsScreens(t *testing.T) {
	w := sample(t)
	w.visit("Settings")
	for name, section := range map[string]string{
		"capture": "Capture", "certificate": "Certificate", "appearance": "Appearance", "shortcuts": "Shortcuts", "privacy": "Privacy",
		"data": "Data", "about": "About",
	} {
		w.ClickText("nav button", section)
		w.Eventually(section+" is shown", func() bool { return w.Has("nav [aria-current=page]") && w.Has("section h2") })
		w.state("settings-" + name)
	}
	w.write("input[type=search]", "proxy")
	w.state("settings-search")
	w.write("input[type=search]", "teapot")
	w.state("settings-nothing")
}

// troubleScreens are what stands in the way of everything.
func troubleScreens(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	w := album(t, options{Args: []string{"--record-listen", taken.Addr().String()}})
	w.Eventually("the port is taken", func() bool { return w.Says("taken") || w.Says("used by") })
	w.state("trouble-port")
	w.Click("[aria-label^='Capture:']")
	w.Eventually("the popover is open", func() bool { return w.Has("[role=alert]") })
	w.state("trouble-port-pill")
	w.Keys("Escape")

	second := album(t, options{Home: w.Home, Project: w.Project})
	second.Eventually("it is read-only", func() bool { return second.Says("can only be read") })
	second.state("trouble-read-only")

	broken := filepath.Join(t.TempDir(), "notes.assay")
	if err := os.WriteFile(broken, []byte("this is not a project"), 0o600); err != nil {
		t.Fatal(err)
	}
	none := album(t, options{Home: w.Home, Project: broken})
	none.Eventually("there is no project", func() bool { return none.Says("No project is open") })
	none.state("trouble-no-project")

	w.visit("Traffic")
	w.Forbids = true // its requests fail
	w.app.end(patience)
	w.Eventually("the connection is lost", func() bool { return w.Says("The connection to Assay is lost") })
	w.state("trouble-connection")
}
