package window

import "testing"

// TestPolicy does in the page what a script smuggled into recorded traffic would try.
func TestPolicy(t *testing.T) {
	t.Parallel()
	eachTarget(t, options{}, func(t *testing.T, w *page) {
		w.Forbids = true
		w.JS(`window.broken = []; window.ran = [];
			addEventListener('securitypolicyviolation', (event) => window.broken.push(event.effectiveDirective));
			const inline = document.createElement('script'); inline.textContent = 'window.ran.push("inline")'; document.body.append(inline);
			const holder = document.createElement('div'); document.body.append(holder);
			holder.innerHTML = '<img src="data:," onerror="window.ran.push(\'handler\')"><iframe srcdoc="<script>parent.ran.push(1)</script>"></iframe>'
				+ '<iframe src="https://example.com/"></iframe><object data="https://example.com/"></object><img src="https://example.com/a.png">'
				+ '<base href="https://example.com/"><form action="https://example.com/"></form>';
			holder.querySelector('form').submit();
			const remote = document.createElement('script'); remote.src = 'https://example.com/a.js'; document.body.append(remote)`)
		for name, script := range map[string]string{
			"fetch":  `return fetch('https://example.com/').then(() => true, () => false)`,
			"socket": `return new Promise((done) => { try { const s = new WebSocket('wss://example.com/'); s.onopen = () => done(true); s.onerror = () => done(false) } catch { done(false) } })`,
		} {
			if w.JS(script) != false {
				t.Errorf("%s reaches another server", name)
			}
		}
		for _, directive := range []string{"script-src-elem", "script-src-attr", "img-src", "connect-src", "frame-src"} {
			w.Eventually(directive+" was enforced", func() bool { return w.JS(`return window.broken.includes(arguments[0])`, directive) == true })
		}
		if ran := w.JS(`return window.ran.join()`); ran != "" {
			t.Errorf("these ran: %s", ran)
		}
		if w.JS(`return document.baseURI.includes('example.com') || location.href.includes('example.com')`) != false {
			t.Error("the page was led elsewhere")
		}
	})
}
