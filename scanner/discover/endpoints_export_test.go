package discover

// SetMost sets how many endpoints a Book holds at most, so that tests need not make as many.
func (b *Book) SetMost(n int) { b.endpoints.most = n }
