package behaviour

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"assay/scanner"
)

// volumeNames are the measures in words.
var volumeNames = [measures]string{"requests", "tokens", "US dollars", "paths never asked for before"}

// amount writes a value of a measure.
func amount(m measure, v float64) string {
	if m == money {
		return "$" + strconv.FormatFloat(v/1e6, 'f', 2, 64)
	}
	return grouped(v) + " " + volumeNames[m]
}

// grouped writes a whole number with a comma for thousands.
func grouped(v float64) string {
	digits := strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// usually says what an hour is like.
func (b *baseline) usually(m measure, limit float64) string {
	if b.hours.filled < coldHours {
		return fmt.Sprintf("not known yet of this actor; at most %s an hour of any", amount(m, limit))
	}
	low, high := b.span()
	if m == money {
		return fmt.Sprintf("%s to %s an hour", amount(m, low), amount(m, high))
	}
	return fmt.Sprintf("%s to %s an hour", grouped(low), amount(m, high))
}

// span is what an hour with requests usually has: two deviations about the median.
func (b *baseline) span() (low, high float64) {
	median, wide := middle(b.hours.values[:b.hours.filled])
	wide = max(wide, 0.2)
	return math.Exp(median - 2*wide), math.Exp(median + 2*wide)
}

// share says how often something is seen.
func share(mean float64, what string) string {
	if mean < 0.0005 {
		return "almost no " + what
	}
	return what + ": " + strconv.FormatFloat(mean*100, 'f', 1, 64) + " %"
}

// counted says how often something was seen.
func counted(k, n float64, what string) string {
	k, n = math.Ceil(k), math.Ceil(n)
	if n <= k {
		return fmt.Sprintf("%.0f %s", k, what)
	}
	return fmt.Sprintf("%.0f %s, of %.0f", k, what, n)
}

// explain says what a risk came together from.
func (p *Profile) explain(has uint32, talked bool) (usual, seen string) {
	var usually, found []string
	for t := range traits {
		if p.risk[t] > 0.5 || talked && has&(1<<t) != 0 {
			found = append(found, counted(float64(p.slow.k[t]), float64(p.slow.n[t]), natures[t].many))
			usually = append(usually, share(p.odds(t).mean(), natures[t].many))
		}
	}
	seen = strings.Join(found, "; ") + " over the last days"
	if talked {
		seen = "one conversation again and again: " + seen
	}
	return strings.Join(usually, "; "), seen
}

// Describe fills in what the profile knows: Risk, Baseline, Learning.
func (p *Profile) Describe(a *scanner.Actor) {
	a.Risk = p.sum() / p.enough()
	if since := a.Last.Unix() - p.last; since > 0 {
		a.Risk *= math.Exp2(-float64(since) / slowHalf)
	}
	a.Baseline, a.Learning = nil, ""
	hours := int(p.volumes[requests].hours.filled)
	if hours < coldHours {
		a.Learning = fmt.Sprintf("%d of %d hours with requests were seen: until then the actor is compared with what is usual of all", hours, coldHours)
	}
	for m := range measures {
		b := &p.volumes[m]
		if b.hours.filled < coldHours {
			continue
		}
		low, high := b.span()
		u := scanner.Usual{Measure: volumeNames[m] + " per hour", Low: low, High: high, Now: b.now, Of: int(b.hours.filled)}
		if m == money {
			u.Low, u.High, u.Now = low/1e6, high/1e6, b.now/1e6
		}
		a.Baseline = append(a.Baseline, u)
	}
	for t := range traits {
		if n := p.usual.n[t]; n >= 20 {
			now := 0.0
			if p.slow.n[t] > 0 {
				now = float64(p.slow.k[t] / p.slow.n[t])
			}
			mean := p.odds(t)
			wide := 2 * math.Sqrt(mean.a*mean.b/(mean.a+mean.b+1)) / (mean.a + mean.b)
			a.Baseline = append(a.Baseline, scanner.Usual{
				Measure: "share of " + natures[t].many, Low: max(0, mean.mean()-wide), High: min(1, mean.mean()+wide), Now: now, Of: int(n),
			})
		}
	}
}
