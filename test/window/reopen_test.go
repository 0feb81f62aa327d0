package window

import (
	"testing"
)

// TestReopen closes the window and opens it again on the next day: nothing is lost.
func TestReopen(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T, options) *page{"window": openWindow, "browser": openBrowser} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			t.Run("today", func(t *testing.T) {
				w := open(t, options{Home: home})
				target := startLab(t, 0)
				w.capturing()
				w.run(w.sdk("anthropic.mjs", target+"/anthropic"))
				w.ClickText("nav button, nav a", "Traffic")
				w.Click(w.row("anthropic message about kettles"))
				w.Keys("Mod+R")
				w.Wait("[data-scope=repeater] textarea")
				w.Keys("Mod+Enter")
				w.Eventually("it was sent", func() bool {
					return w.Says("repeater") || w.Count("[data-pane=repeater-history] [role=row]") > 0 || !w.Says("What you send appears here.")
				})
			})
			t.Run("tomorrow", func(t *testing.T) {
				w := open(t, options{Home: home})
				w.ClickText("nav button, nav a", "Traffic")
				w.row("anthropic message about kettles")
				w.ClickText("nav button, nav a", "Repeater")
				w.Eventually("the tab and what it sent are still there", func() bool { return w.Says("/v1/messages") && !w.Says("What you send appears here.") })
				w.Screenshot("reopened")
				w.part("Endpoints")
				w.inList("inventory-endpoints", "/v1/messages")
				w.part("AI assets")
				w.inList("inventory-assets", "Model, claude")
			})
		})
	}
}
