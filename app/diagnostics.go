package app

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"assay/proxy/ca"
	"assay/proxy/launch"
	"assay/storage"
)

// Diagnostics is what a report of a problem needs, and nothing that tells whose machine it is or what was recorded: no
// hosts, URLs, paths, names of files, texts or credentials. project and recording may be nil.
func (a *App) Diagnostics(ctx context.Context, project *Project, recording *Recording, lines []string) string {
	d := diagnostics{ctx: ctx}
	d.section("Assay")
	d.line("version", a.Version)
	d.line("go", runtime.Version())
	d.line("system", runtime.GOOS+"/"+runtime.GOARCH)
	d.line("processors", runtime.NumCPU())
	d.machine(a)
	if project != nil {
		d.project(project)
	}
	if recording != nil {
		d.recording(recording.Status())
	}
	d.section("Settings that are not the default")
	if s, err := a.Home.Settings(); err != nil {
		d.line("settings", errorKind(err))
	} else {
		d.settings(s)
	}
	d.section("Log")
	for _, line := range lines {
		d.text.WriteString(line + "\n")
	}
	return d.text.String()
}

type diagnostics struct {
	ctx  context.Context //nolint:containedctx // lives as long as one call
	text strings.Builder
}

func (d *diagnostics) section(name string) {
	if d.text.Len() > 0 {
		d.text.WriteByte('\n')
	}
	d.text.WriteString("## " + name + "\n")
}

func (d *diagnostics) line(name string, value any) { fmt.Fprintf(&d.text, "%s: %v\n", name, value) }

// machine is what `assay doctor` looks at, in words that tell nothing about the person.
func (d *diagnostics) machine(a *App) {
	d.section("Machine")
	if ring, err := (lazyKeys{a}).open(d.ctx); err != nil {
		d.line("keyring", errorKind(err))
	} else {
		d.line("keyring", keyringKind(ring.Backend()))
	}
	authority, err := a.authority()
	if err != nil {
		d.line("certificate", errorKind(err))
	} else {
		d.line("certificate valid until", authority.Certificate().NotAfter.Format(time.DateOnly))
		states := map[ca.State]int{}
		for _, store := range authority.Stores(ca.ThisComputer()) {
			state, _ := store.State(d.ctx)
			states[state]++
		}
		for state, n := range states {
			d.line("trust stores, "+string(state), n)
		}
	}
	d.line("environment names a proxy", doctorProxies().Todo != "")
	var names []string
	for _, b := range launch.Browsers() {
		names = append(names, b.Name)
	}
	d.line("browsers", strings.Join(slices.Compact(names), ", "))
	d.line("recorders running", len(a.Home.Sessions()))
}

// keyringKind drops the path from the words of a keyring.
func keyringKind(backend string) string {
	if strings.Contains(backend, "file") {
		return "encrypted file"
	}
	return "keychain of the system"
}

func (d *diagnostics) project(p *Project) {
	d.section("Project")
	readOnly, _ := p.store.ReadOnly()
	d.line("read-only", readOnly)
	i, err := p.store.Info(d.ctx)
	if err != nil {
		d.line("facts", errorKind(err))
		return
	}
	for _, f := range []struct {
		name  string
		value any
	}{
		{"schema", i.SchemaVersion},
		{"exchanges", i.Exchanges},
		{"conversations", i.Conversations},
		{"in the trash", i.Deleted},
		{"credentials", i.Credentials},
		{"keeps values", i.KeepsValues},
		{"file bytes", i.FileBytes},
		{"blob bytes", i.BlobBytes},
		{"journal bytes", i.JournalBytes},
	} {
		d.line(f.name, f.value)
	}
	if r := p.store.Recorder(); r != nil {
		d.writer(r.Stats())
	}
}

func (d *diagnostics) writer(s storage.RecorderStats) {
	d.line("writer commits", s.Commits)
	d.line("writer slowest commit", s.SlowestCommit)
	d.line("writer spills", s.Spills)
	d.line("writer events", s.WrittenEvents)
	d.line("writer bytes", s.WrittenBytes)
	d.line("writer lost bytes", s.LostBytes)
	d.line("writer lost exchanges", s.LostExchanges)
	d.line("writer in trouble", s.Trouble != "")
}

func (d *diagnostics) recording(s Status) {
	d.section("Recorder")
	d.line("recorded", s.Recorded)
	d.line("open", s.Open)
	d.line("clients", s.Clients)
	d.line("tunnels", s.Tunnels)
	d.line("refused handshakes", s.Refused)
	d.line("overflow bytes", s.Overflow)
	d.line("lost bytes", s.Lost)
}

func (d *diagnostics) settings(s Settings) {
	c, def := s.Capture, DefaultSettings()
	d.changed("capture listen", c.Listen != def.Capture.Listen)
	d.changed("capture allows remote", c.AllowRemote)
	d.changed("capture at start", !c.AtStart)
	d.changed("pass refused", c.PassRefused)
	d.changed("upstream proxy", c.UpstreamProxy != "")
	d.line("scope patterns", len(c.Scope))
	d.line("hosts passed through", len(c.PassThrough))
	d.line("hosts whose certificate is accepted", len(c.AcceptCertificate))
	d.line("theme", s.Appearance.Theme+", "+s.Appearance.Density)
	d.line("font size", s.Appearance.FontSize)
	d.line("shortcuts changed", len(s.Keyboard.Shortcuts))
}

func (d *diagnostics) changed(name string, is bool) {
	if is {
		d.line(name, "changed")
	}
}
