package injection

func (s *scan) shapes(text string, f *folded, base int) {}
