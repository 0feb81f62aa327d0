package llm

// formats is every wire format there is. Order breaks ties: the more particular first.
var formats = []*format{}
