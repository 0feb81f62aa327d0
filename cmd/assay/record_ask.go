package main

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"assay/app"
)

// asking shows on the terminal what waits for the person who records.
type asking struct {
	shown map[int64]bool
}

// show prints what waits and was not shown yet, above the line of the status.
func (a *asking) show(p *program, rec *app.Recording) {
	waiting := rec.Waiting()
	shown := map[int64]bool{}
	for i := range waiting {
		one := &waiting[i]
		shown[one.ID] = true
		if !a.shown[one.ID] {
			fmt.Fprintf(p.errs, "\r\x1b[K? %d  the policy %s asks: %s\n     %s\n     y or n, %s left%s\n", one.ID, quotedName(one.Name), app.Harmless(one.Reason, 200),
				app.Harmless(one.Shown, 300), time.Until(one.Until).Round(time.Second), among(len(waiting), one.ID))
		}
	}
	a.shown = shown
}

func quotedName(name string) string { return "“" + app.Harmless(name, 80) + "”" }

// among says how one of many is answered.
func among(n int, id int64) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" (y %d or n %d; without a number the oldest is meant)", id, id)
}

// answerWaiting reads what a person types: y or n to what waits, with its number where several do. It ends with the input.
func (p *program) answerWaiting(rec *app.Recording) {
	lines := bufio.NewScanner(p.in)
	for lines.Scan() {
		words := strings.Fields(strings.ToLower(lines.Text()))
		waiting := rec.Waiting()
		if len(words) == 0 || len(waiting) == 0 {
			continue
		}
		yes := words[0] == "y" || words[0] == "yes"
		if !yes && words[0] != "n" && words[0] != "no" {
			continue
		}
		id := waiting[0].ID
		if len(words) > 1 {
			if _, err := fmt.Sscan(words[1], &id); err != nil {
				continue
			}
		}
		said := "no"
		if yes {
			said = "yes"
		}
		if rec.Answer(id, yes) {
			fmt.Fprintf(p.errs, "\r\x1b[Ksaid %s to %d\n", said, id)
		} else {
			fmt.Fprintf(p.errs, "\r\x1b[K%d does not wait any more\n", id)
		}
	}
}
