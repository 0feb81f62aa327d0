package discover

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"assay/internal/excerpt"
	"assay/scanner"
)

// latestTexts keeps the newest text of some assets: what an archive may not have yet. Those that were put in first are
// forgotten first.
type latestTexts struct {
	byID  map[scanner.AssetID]latestText
	order []latestEntry
	turn  int64
	size  int
}

type latestText struct {
	text string
	turn int64 // the entry that counts
}

type latestEntry struct {
	id   scanner.AssetID
	turn int64
}

const maxTexts = 32 << 20 // bytes kept

func (l *latestTexts) put(id scanner.AssetID, text string) {
	l.turn++
	l.size += len(text) - len(l.byID[id].text)
	l.byID[id] = latestText{text, l.turn}
	l.order = append(l.order, latestEntry{id, l.turn})
	for len(l.order) > 1 && (l.size > maxTexts || len(l.order) > 4*maxAssets) {
		first := l.order[0]
		l.order = l.order[1:]
		if l.byID[first.id].turn == first.turn {
			l.size -= len(l.byID[first.id].text)
			delete(l.byID, first.id)
		}
	}
}

// text is the newest text or definition of an asset; empty when nobody has it any more.
func (a *assets) text(id scanner.AssetID) (string, error) {
	if kept, ok := a.texts.byID[id]; ok {
		return kept.text, nil
	}
	if a.archive == nil {
		return "", nil
	}
	latest, err := a.archive.LatestVersion(id)
	if err != nil {
		return "", err
	}
	a.texts.put(id, latest.Text)
	return latest.Text, nil
}

// knownLength is how much of a fingerprint AssetFacts.Known keeps.
const knownLength = 16

// had reports whether one of an asset's versions has this fingerprint.
func (h *held) had(fingerprint string) bool {
	return h.Fingerprint == fingerprint || slices.Contains(h.Facts.Known, fingerprint[:knownLength])
}

// version adds a text or definition to an asset. It reports whether there was room for it.
func (a *assets) version(v *sight, h *held, fingerprint, text string) bool {
	h.Fingerprint = fingerprint
	if h.Versions >= maxVersions {
		h.Facts.Cut = true
		return false
	}
	if len(text) > maxDefinition {
		text, h.Facts.Cut = excerpt.Bytes(text, maxDefinition), true
	}
	h.Versions++
	if !slices.Contains(h.Facts.Known, fingerprint[:knownLength]) {
		h.Facts.Known = append(h.Facts.Known, fingerprint[:knownLength])
	}
	v.t.fold.Versions = append(v.t.fold.Versions, scanner.Version{
		Asset: h.ID, N: h.Versions, Fingerprint: fingerprint, Seen: v.moment(), Exchange: v.Exchange.ID, Text: text,
	})
	a.texts.put(h.ID, text)
	return true
}

// digest is the SHA-256 of a text, hex.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Limits of a summary of what changed in a text.
const (
	maxDiffLines = 4   // that came, and as many that went
	maxDiffLine  = 160 // bytes
)

// lineChanges sums up in a few lines what came into a text and what went. What changes all the time (dates, numbers,
// paths) does not count.
func lineChanges(before, after string) string {
	had, has := countLines(before), countLines(after)
	came, went := newLines(after, had), newLines(before, has)
	if len(came)+len(went) == 0 {
		return "The same lines in another order, or another number of times"
	}
	if len(came) == 1 && len(went) == 1 {
		went[0], came[0] = around(went[0], came[0])
	}
	var b strings.Builder
	listLines(&b, "+ ", came)
	listLines(&b, "- ", went)
	return strings.TrimRight(b.String(), "\n")
}

func countLines(text string) map[string]bool {
	lines := map[string]bool{}
	for line := range strings.Lines(text) {
		lines[maskText(line, maskAll)] = true
	}
	return lines
}

// newLines are the lines of a text that are not among others.
func newLines(text string, others map[string]bool) (lines []string) {
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		masked := maskText(line, maskAll)
		if strings.TrimSpace(masked) == "" || others[masked] || seen[masked] {
			continue
		}
		seen[masked] = true
		lines = append(lines, line)
	}
	return lines
}

func listLines(b *strings.Builder, sign string, lines []string) {
	for _, line := range lines[:min(len(lines), maxDiffLines)] {
		b.WriteString(sign + brief(line, maxDiffLine) + "\n")
	}
	if more := len(lines) - maxDiffLines; more > 0 {
		b.WriteString(sign + "and " + plural(more, "more line") + "\n")
	}
}
