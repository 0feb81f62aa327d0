package injection

// rule is a combination of words that speaks for an attack.
type rule struct {
	technique Technique
	why       string
	weight    float64
	need      []class
	within    int32 // bytes from the beginning of the first to the end of the last; 0 for the sentence
	ordered   bool  // they stand in the order of need
	verb      bool  // what comes first is a request, not a report: see requested
}

// rules are asked of every sentence. What is asked of the text as a whole stands in whole.
var rules = []rule{
	{technique: Override, why: "sets earlier instructions aside", weight: 1.05, need: []class{cIgnore, cEarlier, cOrders}, within: 90, verb: true},
	{technique: Override, why: "sets instructions aside for something else", weight: 1.05, need: []class{cIgnore, cOrders, cJust}, within: 120, ordered: true, verb: true},
	{technique: Override, why: "asks for something else instead", weight: 0.6, need: []class{cNow, cJust}, within: 40, ordered: true, verb: true},
	{technique: Override, why: "sets aside all that was said", weight: 1.05, need: []class{cIgnore, cAllThat}, within: 60, verb: true},
	{technique: Override, why: "gives a new task or role", weight: 0.25, need: []class{cIgnore, cEarlier, cAct}, within: 200, verb: true},
	{technique: Override, why: "sets the instructions of the model aside", weight: 0.95, need: []class{cIgnore, cSecretText}, within: 60, ordered: true, verb: true},
	{technique: Override, why: "says that what was said is no longer valid", weight: 0.6, need: []class{cAllThat, cOutdated}, within: 90},
	{technique: Override, why: "says that the instructions are no longer valid", weight: 0.6, need: []class{cOrders, cOutdated}, within: 60, ordered: true},
	{technique: Override, why: "speaks of another task", weight: 0.35, need: []class{cNewTask}},
	{technique: Override, why: "gives another task", weight: 0.55, need: []class{cNewTask, cTell}, within: 100, ordered: true},
	{technique: Leak, why: "asks for what the model keeps secret", weight: 0.9, need: []class{cTell, cWard}, within: 70, verb: true},
	{technique: Leak, why: "asks for a secret after setting rules aside", weight: 0.6, need: []class{cIgnore, cTell, cPassword}, within: 160, verb: true},
	{technique: Leak, why: "asks for a secret of one without rules", weight: 0.35, need: []class{cFree, cTell, cPassword}, within: 160},
	{technique: Override, why: "wants the words by which attacks are told to have worked", weight: 0.7, need: []class{cTell, cPwned}, within: 60, ordered: true, verb: true},
	{technique: Leak, why: "asks for a secret with an authority", weight: 0.5, need: []class{cAuthority, cPassword}, within: 200},
	{technique: Leak, why: "asks for a secret in a mode", weight: 0.5, need: []class{cModeOn, cPassword}, within: 200},
	{technique: Persona, why: "an AI without rules", weight: 0.4, need: []class{cMachine, cFree}, within: 100},
	{technique: Persona, why: "makes the model an AI without rules", weight: 0.35, need: []class{cAct, cMachine, cFree}, within: 200},
	{technique: Leak, why: "asks for the instructions of the model", weight: 1.05, need: []class{cTell, cSecretText}, within: 110, ordered: true, verb: true},
	{technique: Leak, why: "asks for the instructions of the model, verb last", weight: 0.85, need: []class{cSecretText, cTell}, within: 110, ordered: true, verb: true},
	{technique: Leak, why: "asks for what stands above", weight: 0.75, need: []class{cTell, cAbove, cStuff}, within: 60, verb: true},
	{technique: Leak, why: "asks for what stands above, word for word", weight: 0.35, need: []class{cTell, cAbove, cExact}, within: 110, verb: true},
	{technique: Leak, why: "lets the model complete its instructions", weight: 1.05, need: []class{cRecall}, verb: true},
	{technique: Leak, why: "asks for internals", weight: 0.55, need: []class{cTell, cHidden, cAnswer}, within: 60, ordered: true, verb: true},
	{technique: Leak, why: "asks for internals of you", weight: 0.6, need: []class{cTell, cYour, cHidden, cAnswer}, within: 90, verb: true},
	{technique: Leak, why: "asks for what the model goes by", weight: 0.35, need: []class{cTell, cAnswer, cYour}, within: 110, verb: true},
	{technique: Persona, why: "gives a role", weight: 0.2, need: []class{cAct}},
	{technique: Persona, why: "without rules", weight: 0.35, need: []class{cFree}},
	{technique: Persona, why: "a role without rules", weight: 0.28, need: []class{cAct, cFree}, within: 300},
	{technique: Persona, why: "that does or answers everything", weight: 0.3, need: []class{cAnything}},
	{technique: Persona, why: "of a known jailbreak", weight: 0.35, need: []class{cDan}},
	{technique: Persona, why: "unbound by a policy", weight: 0.4, need: []class{cFree, cPolicy}, within: 120},
	{technique: Persona, why: "does not follow a policy", weight: 0.35, need: []class{cNever, cPolicy}, within: 60, ordered: true},
	{technique: Persona, why: "does what is illegal or offensive", weight: 0.2, need: []class{cIllegal}},
	{technique: Persona, why: "does anything illegal", weight: 0.3, need: []class{cAnything, cIllegal}, within: 200},
	{technique: Persona, why: "answers in two ways or in a fixed form", weight: 0.25, need: []class{cTwo}},
	{technique: Persona, why: "is held to the role", weight: 0.25, need: []class{cStay}},
	{technique: Persona, why: "speaks to a known model", weight: 0.15, need: []class{cBot}},
	{technique: Persona, why: "switches a mode on", weight: 0.4, need: []class{cModeOn}, verb: true},
	{technique: Suppress, why: "forbids to refuse or to warn", weight: 0.45, need: []class{cNever, cRefusal}, within: 60, ordered: true},
	{technique: Suppress, why: "wants everything done, however questionable", weight: 0.5, need: []class{cComply}},
	{technique: Prefix, why: "dictates how the answer begins", weight: 0.85, need: []class{cBegin, cSure}, within: 120, ordered: true},
	{technique: Prefix, why: "dictates an answer that agrees", weight: 0.15, need: []class{cSure}},
	{technique: Prefix, why: "dictates a beginning", weight: 0.1, need: []class{cBegin}},
	{technique: Marker, why: "pretends to be a turn or the end of one", weight: 0.5, need: []class{cMarker}},
	{technique: Marker, why: "speaks as the system", weight: 0.3, need: []class{cSystem}},
	{technique: Authority, why: "claims an authority", weight: 0.45, need: []class{cAuthority}},
	{technique: Addressed, why: "tells a model what to do when it reads this", weight: 1, need: []class{cAI, cWhenRead, cMust}, within: 300},
	{technique: Addressed, why: "tells a model what to do", weight: 0.45, need: []class{cAI, cMust, cSecrecy}, within: 300},
	{technique: Addressed, why: "keeps something from the user", weight: 0.45, need: []class{cSecrecy}},
	{technique: Puppetry, why: "is written like a policy", weight: 0.45, need: []class{cPuppet}},
	{technique: Fiction, why: "frames something forbidden as fiction", weight: 0.6, need: []class{cFiction, cHarm}, within: 300},
	{technique: Fiction, why: "wants the steps of it", weight: 0.45, need: []class{cFiction, cHarm, cSteps}, within: 400},
	{technique: Fiction, why: "somebody who died and tells at bedtime", weight: 0.6, need: []class{cAct, cGranny}, within: 300, ordered: true},
	{technique: Fiction, why: "somebody who died and tells something forbidden", weight: 0.4, need: []class{cAct, cGranny, cHarm}, within: 400},
	{technique: Encoded, why: "asks to decode", weight: 0.35, need: []class{cDecode}},
	{technique: Encoded, why: "asks to decode and to follow", weight: 0.4, need: []class{cDecode, cDecoded}},
	{technique: Exfil, why: "sends away what it knows", weight: 0.4, need: []class{cSend, cData}, within: 120},
}

// roleRules count only where nobody has to give orders: in what tools and documents say.
var roleRules = []rule{
	{technique: Addressed, why: "a document that gives orders to a model", weight: 0.6, need: []class{cAI, cMust}, within: 80, ordered: true},
	{technique: Addressed, why: "a document that tells a model what to do when it reads it", weight: 0.5, need: []class{cWhenRead, cMust}, within: 120},
	{technique: Addressed, why: "a document that tells a model what to do in secret", weight: 0.5, need: []class{cMust, cSecrecy}, within: 160},
	{technique: Addressed, why: "a document that gives a role", weight: 0.25, need: []class{cAct}},
	{technique: Addressed, why: "a document that gives new instructions", weight: 0.3, need: []class{cNow, cMust}, within: 80},
}
