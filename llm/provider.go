package llm

// identify finds out who answers.
func (c *call) identify() {
	c.provider, c.service = lookupHost(c.host, c.port, c.path)
}
