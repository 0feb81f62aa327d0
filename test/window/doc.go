// Package window drives the real window as a person would, over W3C WebDriver, in both of its shapes: the production
// desktop program under Xvfb (WebKitWebDriver), and `assay serve` in headless Chromium (chromedriver).
//
// A test says what it does in terms of the page:
//
//	func TestFilter(t *testing.T) {
//		eachTarget(t, options{}, func(t *testing.T, w *page) {
//			w.Keys("Mod+2")
//			w.Type("[role=combobox]", "host:openai.com")
//			w.Eventually("the list is filtered", func() bool { return w.Text("[data-count]") == "3" })
//			w.Screenshot("traffic-filtered")
//		})
//	}
//
// Every page has a home, ports and, where it needs one, a display of its own, and ends the processes it started. The
// screenshots are in build/screens. Where a tool is missing the target is skipped and says so, except in CI.
package window
