package paper

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"assay/report"
	"assay/scanner"
)

// gradeInk is the colour of a score; one without enough evidence is grey, never green.
func gradeInk(p *report.Posture) ink {
	switch {
	case !p.Enough:
		return quiet
	case p.Grade == "A" || p.Grade == "B":
		return green
	case p.Grade == "C" || p.Grade == "D":
		return ink{0x85, 0x5f, 0x00}
	}
	return red
}

// arc draws a piece of a ring: lines of a few degrees each, so that its ends are straight.
func (s *sheet) arc(x, y, r, width, from, to float64, c ink) {
	if to <= from {
		return
	}
	steps := int(math.Ceil((to - from) / 3))
	outer, inner := make([]fpdf.PointType, 0, 2*steps+2), make([]fpdf.PointType, 0, steps+1)
	for i := range steps + 1 {
		a := (from + (to-from)*float64(i)/float64(steps)) * math.Pi / 180
		outer = append(outer, fpdf.PointType{X: x - math.Cos(a)*r, Y: y - math.Sin(a)*r})
		inner = append(inner, fpdf.PointType{X: x - math.Cos(a)*(r-width), Y: y - math.Sin(a)*(r-width)})
	}
	for i := len(inner) - 1; i >= 0; i-- {
		outer = append(outer, inner[i])
	}
	s.pdf.SetFillColor(int(c.r), int(c.g), int(c.b))
	s.pdf.Polygon(outer, "F")
}

// dial draws the score as half a ring with the middle of its base at x, y.
func (s *sheet) dial(x, y, r float64) {
	p := &s.d.Standing
	score := sane(p.Score, 0, 100)
	s.arc(x, y, r, r*0.2, 0, 180, ink{0xdd, 0xe3, 0xea})
	if p.Enough {
		s.arc(x, y, r, r*0.2, 0, 1.8*score, gradeInk(p))
		s.atMiddle(x, y-r*0.46, 2*r, points(score), style{face: bold, size: r * 1.05, ink: gradeInk(p)})
		s.atMiddle(x, y+r*0.02, 2*r, "of 100, grade "+p.Grade, style{face: plain, size: r * 0.42, ink: quiet})
		return
	}
	s.atMiddle(x, y-r*0.38, 2*r, "no score", style{face: bold, size: r * 0.62, ink: quiet})
	s.atMiddle(x, y+r*0.02, 3*r, "not enough evidence", style{face: plain, size: r * 0.42, ink: quiet})
}

// severityRow writes how many open findings there are of each severity, in boxes side by side.
func (s *sheet) severityRow(x, y, width float64) {
	n := s.d.OpenBySeverity()
	w := width / float64(len(report.Severities))
	for i, sev := range report.Severities {
		word, c := severityOf(sev)
		at := x + float64(i)*w
		back, front := c, white
		if n[sev] == 0 {
			back, front = ink{0xe9, 0xec, 0xf0}, quiet
		}
		s.pill(at, y, w-1.5, 11, 1.2, back)
		s.atMiddle(at+(w-1.5)/2, y+0.8, w-2, report.Grouped(int64(n[sev])), style{face: bold, size: 12, ink: front})
		s.atMiddle(at+(w-1.5)/2, y+6.5, w-2, word, style{face: plain, size: 7, ink: front})
	}
}

// chip writes a word on its colour, and returns its width.
func (s *sheet) chip(x, y float64, word string, front, back ink) float64 {
	st := style{face: bold, size: 7.5, ink: front}
	w := widthOf(set([]span{{word, st}})) + 4
	s.pill(x, y, w, 4.6, 1, back)
	s.at(x+2, y+0.4, w, word, st)
	return w
}

// areaName is the name of a part of the score.
func areaName(a report.Area) string {
	name := single(string(a), 30)
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
}

// areaBars draws what each area took away, of what it can; where there is room, with the reason for its limit.
func (s *sheet) areaBars(x, y, width float64, why bool) (h float64) {
	lost := map[report.Area]float64{}
	for i := range s.d.Standing.Reasons {
		lost[s.d.Standing.Reasons[i].Area] += sane(s.d.Standing.Reasons[i].Points, 0, 100)
	}
	st, soft := style{face: plain, size: 8, ink: dark}, style{face: plain, size: 8, ink: quiet}
	bar := width - 48
	if why {
		bar = 44
	}
	for _, a := range report.Areas() {
		s.at(x, y+h, 24, areaName(a.Area), st)
		s.pill(x+24, y+h+1, bar*a.Limit/40, 3, 0.6, ink{0xdd, 0xe3, 0xea})
		if l := min(lost[a.Area], a.Limit); l > 0 {
			s.pill(x+24, y+h+1, max(bar*l/40, 0.8), 3, 0.6, red)
		}
		of := minus(lost[a.Area]) + " of " + strconv.FormatFloat(a.Limit, 'f', 0, 64)
		if why {
			s.at(x+24+bar+4, y+h, 22, of, st)
			s.at(x+24+bar+26, y+h, width-bar-50, a.Why, soft)
		} else {
			s.atRight(x+width, y+h, 24, of, soft)
		}
		h += 5.2
	}
	return h
}

// trendPoints is how many snapshots a picture shows; the newest are kept.
const trendPoints = 60

// trend draws the score over time. A hollow point had not enough evidence for a score.
func (s *sheet) trend(x, y, w, h float64) {
	all := slices.DeleteFunc(slices.Clone(s.d.Trend), func(t report.Snapshot) bool { return math.IsNaN(t.Score) })
	all = all[max(0, len(all)-trendPoints):]
	axis := style{face: plain, size: 6.5, ink: quiet}
	for _, v := range []float64{0, 25, 50, 75, 100} {
		at := y + h - h*v/100
		s.line(x+7, at, x+w, at, rule, 0.15)
		s.atRight(x+6, at-1.6, 8, points(v)[:len(points(v))-2], axis)
	}
	if len(all) == 0 {
		return
	}
	first, last := all[0].At, all[len(all)-1].At
	place := func(t time.Time) float64 {
		if !last.After(first) {
			return x + 7 + (w-9)/2
		}
		return x + 8 + (w-10)*sane(t.Sub(first).Seconds()/last.Sub(first).Seconds(), 0, 1)
	}
	high := func(v float64) float64 { return y + h - h*sane(v, 0, 100)/100 }
	for i := 1; i < len(all); i++ {
		if all[i-1].Enough && all[i].Enough {
			s.line(place(all[i-1].At), high(all[i-1].Score), place(all[i].At), high(all[i].Score), accent, 0.6)
		}
	}
	for i := range all {
		s.stroke(accent, 0.35)
		s.pdf.SetFillColor(255, 255, 255)
		if all[i].Enough {
			s.pdf.SetFillColor(int(accent.r), int(accent.g), int(accent.b))
		}
		s.pdf.Circle(place(all[i].At), high(all[i].Score), 0.9, "FD")
	}
	s.at(x+7, y+h+0.8, 30, first.UTC().Format("2 Jan 2006"), axis)
	if last.After(first) {
		s.atRight(x+w, y+h+0.8, 30, last.UTC().Format("2 Jan 2006"), axis)
	}
}

// stacked draws the open findings of each snapshot as columns, by severity; the table below has the numbers.
func (s *sheet) stacked(x, y, w, h float64) {
	all := s.d.Trend
	all = all[max(0, len(all)-trendPoints):]
	axis := style{face: plain, size: 6.5, ink: quiet}
	most := 1
	for i := range all {
		sum := 0
		for _, sev := range report.Severities {
			sum += min(max(all[i].Severities[string(sev)], 0), 1e6)
		}
		most = max(most, sum)
	}
	s.line(x+7, y+h, x+w, y+h, rule, 0.15)
	s.line(x+7, y, x+w, y, rule, 0.15)
	s.atRight(x+6, y-1.6, 8, report.Grouped(int64(most)), axis)
	s.atRight(x+6, y+h-1.6, 8, "0", axis)
	step := (w - 8) / float64(max(len(all), 1))
	for i := range all {
		at := y + h
		for _, sev := range report.Severities {
			part := h * float64(min(max(all[i].Severities[string(sev)], 0), 1e6)) / float64(most)
			_, c := severityOf(sev)
			if at -= part; part > 0 {
				s.fill(x+7.5+step*float64(i), at, min(step*0.72, 7), part, c)
			}
		}
	}
	x += 7
	for _, sev := range report.Severities {
		word, c := severityOf(sev)
		s.fill(x, y+h+2, 1.8, 1.8, c)
		s.at(x+2.4, y+h+0.9, 12, word, axis)
		x += 12
	}
}

// worst is the worst severity among weaknesses; empty for none.
func worst(all []*report.Weakness) scanner.Severity {
	for _, sev := range report.Severities {
		for _, w := range all {
			if w.Severity == sev {
				return sev
			}
		}
	}
	return ""
}
