package injection

func (s *scan) decode(text string, f *folded, base, depth int, form string) {}
