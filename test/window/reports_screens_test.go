package window

import "testing"

// reportScreens are the screen of reports with a run behind it, wide and narrow.
func reportScreens(t *testing.T) {
	w := album(t, options{})
	w.visit("Reports")
	w.state("reports-empty")
	w.fallsFor(startWeakLab(t))
	w.plant()
	w.visit("Home")
	w.visit("Reports")
	w.Wait("[data-pane=reports-form]")
	w.label("Title", "Assessment of the assistant in the customer portal")
	w.label("Client", "Acme Insurance Ltd")
	w.label("Tester", "Blue Harbour Security")
	w.reportSays("Blue Harbour Security")
	w.state("reports-preview")
	for _, size := range []struct {
		width int
		name  string
	}{{1440, "wide"}, {900, "narrow"}} {
		w.Resize(size.width, 900)
		w.tab("Preview")
		w.reportSays("Blue Harbour Security")
		w.mainState("reports-preview-" + size.name)
		w.tab("Hidden")
		w.Wait("[data-pane=reports-hidden] button")
		w.state("reports-hidden-" + size.name)
		w.tab("Made")
		w.state("reports-made-" + size.name)
	}
}
