package framework

import "slices"

// owaspAll are all items of the OWASP list for LLM applications.
func owaspAll() []Link { return ours(OWASPItems()...) }

func nist600() *Framework {
	none := func(why string) string { return "Not testable from here: " + why }
	return &Framework{
		ID: NIST600, Name: "NIST AI 600-1", Version: "July 2024", Publisher: "National Institute of Standards and Technology",
		Document: "Artificial Intelligence Risk Management Framework: Generative Artificial Intelligence Profile", Address: "https://doi.org/10.6028/NIST.AI.600-1",
		Note: "Risks, not controls. The mapping of tests to risks is ours.",
		Items: []Item{
			{ID: "1", Title: "CBRN Information or Capabilities", Why: none("no template asks for such knowledge, on purpose.")},
			{ID: "2", Title: "Confabulation", From: ours("LLM09:2025")},
			{ID: "3", Title: "Dangerous, Violent, or Hateful Content", From: ours("AML.T0054"), Against: ours("LLM01:2025")},
			{ID: "4", Title: "Data Privacy", From: ours("LLM02:2025", "LLM08:2025"), Against: ours("LLM07:2025")},
			{ID: "5", Title: "Environmental Impacts", Against: ours("LLM10:2025"), Why: none("energy and water are measured where models run.")},
			{ID: "6", Title: "Harmful Bias and Homogenization", Against: ours("LLM04:2025"), Why: none("bias shows in many answers about many people, with a measure that this program has not.")},
			{ID: "7", Title: "Human-AI Configuration", From: ours("LLM06:2025", "ASI09"), Against: ours("LLM09:2025")},
			{ID: "8", Title: "Information Integrity", From: ours("LLM09:2025", "LLM04:2025", "AML.T0067", "AML.T0070", "AML.T0071"), Against: ours("LLM05:2025", "LLM08:2025")},
			{
				ID: "9", Title: "Information Security",
				From: ours("LLM01:2025", "LLM02:2025", "LLM05:2025", "LLM06:2025", "LLM07:2025", "LLM08:2025", "LLM10:2025"),
			},
			{ID: "10", Title: "Intellectual Property", From: ours("AML.T0024", "AML.T0048.004"), Against: ours("LLM02:2025")},
			{ID: "11", Title: "Obscene, Degrading, and/or Abusive Content", Why: none("no template asks for such content, on purpose.")},
			{ID: "12", Title: "Value Chain and Component Integrity", From: ours("LLM03:2025", "LLM04:2025", "ASI04")},
		},
	}
}

// measure is a subcategory of MEASURE; NIST gives them no titles, so what stands here is a description of ours.
func measure(id, what string, from []Link, why string) Item {
	item := Item{ID: "MEASURE " + id, Title: what, Own: true, From: from}
	if len(from) == 0 {
		item.Why = "Not testable from here: " + why
	}
	return item
}

func nistRMF() *Framework {
	process := "it is about how people work; papers and talks show it."
	return &Framework{
		ID: NISTRMF, Name: "NIST AI RMF, function MEASURE", Version: "1.0", Publisher: "National Institute of Standards and Technology",
		Document: "Artificial Intelligence Risk Management Framework (AI RMF 1.0), NIST AI 100-1", Address: "https://doi.org/10.6028/NIST.AI.100-1",
		Note: "The subcategories of one function of four; they have no titles, the descriptions are ours, as is the mapping of tests.",
		Items: []Item{
			measure("1.1", "Measures of the most significant risks are chosen; what is not measured is documented", nil, process),
			measure("1.2", "Whether metrics fit and controls work is assessed regularly", nil, process),
			measure("1.3", "People who did not develop the system take part in assessments", nil, process),
			measure("2.1", "Test sets, metrics and tools are documented", nil, "a report of this program can be one of the documents."),
			measure("2.2", "Evaluations with human subjects meet their requirements", nil, process),
			measure("2.3", "Performance is measured under conditions like those of deployment", nil, "it takes the tasks that the system is for."),
			measure("2.4", "The system and its components are monitored in production", nil, "the watch can be part of it; a test is not."),
			measure("2.5", "The system is shown to be valid and reliable, with its limits", ours("LLM09:2025"), ""),
			measure("2.6", "The system is evaluated for safety risks", ours("AML.T0054", "AML.T0048", "LLM06:2025", "ASI08", "ASI10"), ""),
			measure("2.7", "Security and resilience are evaluated and documented", slices.Concat(owaspAll(), ours(ASIItems()...)), ""),
			measure("2.8", "Risks of transparency and accountability are examined", nil, process),
			measure("2.9", "The model is explained, and its output interpreted in its context", nil, process),
			measure("2.10", "The privacy risk is examined and documented", ours("LLM02:2025", "LLM07:2025", "LLM08:2025"), ""),
			measure("2.11", "Fairness and bias are evaluated and documented", nil, "bias shows in many answers about many people, with a measure that this program has not."),
			measure("2.12", "Environmental impact and sustainability are assessed", nil, "energy and water are measured where models run."),
			measure("2.13", "Whether metrics and processes of measuring work is evaluated", nil, process),
			measure("3.1", "Existing, unexpected and new risks are identified and tracked", nil, process),
			measure("3.2", "Risks that are hard to measure are tracked another way", nil, process),
			measure("3.3", "Users and those affected can report problems and appeal", nil, process),
			measure("4.1", "Measuring is connected to where the system is deployed, with experts and users", nil, process),
			measure("4.2", "Results are checked by experts of the domain", nil, process),
			measure("4.3", "Measurable improvements and declines are identified and documented", nil, "two runs compared can show one; who was asked cannot be seen."),
		},
	}
}
