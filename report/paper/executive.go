package paper

func (s *sheet) executive() { s.full() }
