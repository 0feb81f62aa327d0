package judge

// Holds reports whether a node is true of an answer: for turns that are said, or end a conversation, only then. What
// cannot be told does not hold.
func Holds(in Input, n *Node) bool { //nolint:gocritic // an input is judged once; a copy keeps it from changing
	if n == nil {
		return false
	}
	budget := maxNodes
	return weigh(newTrial(&in), n, 0, &budget).state == yes
}

// Names reports whether a detection looks for a status by its number: then an answer with it is one, whatever it says.
func (d *Detect) Names(status int) bool { return asks(&d.Find).names(status) }
