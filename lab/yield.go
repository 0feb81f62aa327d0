package lab

// yield is what a weak mind says or does in place of answering, by the first of its weaknesses that the request touches.
// A sound mind never yields.
func (q question) yield() (string, []call) {
	if q.weak == 0 {
		return "", nil
	}
	if q.weak.has(LLM07) && len(q.tools) > 0 && asksTools.MatchString(q.asked()) {
		return q.toolText(), nil
	}
	if q.weak.has(LLM06) {
		if calls := q.eager(); len(calls) > 0 {
			return "", calls
		}
	}
	for _, w := range []struct {
		weak Weak
		say  func() string
	}{
		{LLM10, q.burn},
		{LLM01, q.exfiltrated},
		{LLM05, q.describe},
		{LLM01, q.obey},
		{LLM04, q.believe},
		{LLM03, q.supplied},
		{LLM03, q.obey},
		{LLM09, q.invent},
		{LLM02 | LLM07 | LLM08, q.tell},
		{LLM08, q.believe},
		{LLM01, q.compose},
	} {
		if !q.weak.has(w.weak) {
			continue
		}
		if said := w.say(); said != "" {
			return said, nil
		}
	}
	return "", nil
}
