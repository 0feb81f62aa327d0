package framework

import "slices"

// article is an entry of the EU AI Act with its own title.
func article(id, title string, from, against []Link, why string) Item {
	item := Item{ID: "Art. " + id, Title: title, From: from, Against: against}
	if len(from) == 0 {
		item.Why = "Not testable from here: " + why
	}
	return item
}

// paragraph is an entry of the EU AI Act that has no title: what stands here is a description of ours.
func paragraph(id, what string, from, against []Link, why string) Item {
	item := article(id, what, from, against, why)
	item.Own = true
	return item
}

func euAIAct() *Framework {
	papers := "the provider's documents show it."
	return &Framework{
		ID: EUAIAct, Name: "EU AI Act", Version: "Regulation (EU) 2024/1689", Publisher: "European Union",
		Document: "Regulation (EU) 2024/1689 laying down harmonised rules on artificial intelligence (Artificial Intelligence Act)",
		Address:  "https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
		Note: "Evidence for those articles to which a test can add some. Whether an article applies to a system, and whether it is met, a test does not say. " +
			"Entries with a paragraph are described in our words.",
		Items: []Item{
			article("5", "Prohibited AI practices", nil, nil, "it depends on what a system is used for."),
			article("9", "Risk management system", nil, nil, papers),
			article("10", "Data and data governance", nil, ours("LLM04:2025"), "training data are not seen through an API; a proven poisoning speaks against it."),
			article("11", "Technical documentation", nil, nil, papers),
			article("12", "Record-keeping", nil, nil, "logs are kept behind the API."),
			article("13", "Transparency and provision of information to deployers", nil, nil, papers),
			article("14", "Human oversight", ours("LLM06:2025", "ASI09", "ASI10"), ours("ASI02"), ""),
			article("15", "Accuracy, robustness and cybersecurity", owaspAll(), nil, ""),
			paragraph("15(3)", "Levels of accuracy are declared, and kept", nil, ours("LLM09:2025"), "declared levels stand in the instructions for use."),
			paragraph("15(4)", "Resilience against errors, faults and feedback loops", ours("LLM10:2025", "ASI08"), nil, ""),
			paragraph("15(5)", "Resilience against attempts to alter use, outputs or performance: poisoning, model evasion, confidentiality attacks",
				ours("LLM01:2025", "LLM02:2025", "LLM04:2025", "LLM07:2025", "LLM08:2025"), ours("LLM05:2025"), ""),
			article("26", "Obligations of deployers of high-risk AI systems", nil, nil, papers),
			article("50", "Transparency obligations for providers and deployers of certain AI systems", ours("template:impersonates-a-person"), nil, ""),
			paragraph("50(1)", "People are told that they talk to an AI system", ours("template:impersonates-a-person"), nil, ""),
			paragraph("50(2)", "Generated content is marked in a machine-readable way", nil, nil, "marks are in pictures, sound and documents, for which there is no template."),
			article("53", "Obligations for providers of general-purpose AI models", nil, nil, papers),
			paragraph("53(1)(c)", "A policy to comply with copyright law", nil, ours("AML.T0024"), "a policy is a paper; training data that an answer replays speak against it."),
			article("55", "Obligations of providers of general-purpose AI models with systemic risk", nil, nil, "it is a provider's duty as a whole; the entries below are the parts that a test is about."),
			paragraph("55(1)(a)", "The model is evaluated, with adversarial testing that is documented", owaspAll(), nil, ""),
			paragraph("55(1)(d)", "Cybersecurity of the model and its infrastructure", ours("AML.T0024.002", "AML.T0040", "AML.T0049"), ours("LLM10:2025"), ""),
			article("72", "Post-market monitoring by providers and post-market monitoring plan for high-risk AI systems", nil, nil, papers),
			article("73", "Reporting of serious incidents", nil, nil, papers),
		},
	}
}

func control(id, title string, from, against []Link, why string) Item {
	item := Item{ID: "A." + id, Title: title, From: from, Against: against}
	if len(from) == 0 {
		item.Why = "Not testable from here: " + why
	}
	return item
}

func iso42001() *Framework {
	papers := "an audit of documents and processes shows it."
	paper := func(id, title string) Item { return control(id, title, nil, nil, papers) }
	data := func(id, title string) Item {
		return control(id, title, nil, ours("LLM04:2025"), "data are not seen through an API; a proven poisoning speaks against it.")
	}
	return &Framework{
		ID: ISO42001, Name: "ISO/IEC 42001", Version: "2023", Publisher: "ISO and IEC", Document: "ISO/IEC 42001:2023 Information technology — Artificial intelligence — Management system",
		Address: "https://www.iso.org/standard/42001",
		Note:    "The controls of Annex A. It is a standard for how an organisation works: a test can add evidence to few of them, and certifies none. The mapping is ours.",
		Items: []Item{
			paper("2.2", "AI policy"), paper("2.3", "Alignment with other organizational policies"), paper("2.4", "Review of the AI policy"),
			paper("3.2", "AI roles and responsibilities"), paper("3.3", "Reporting of concerns"),
			paper("4.2", "Resource documentation"), paper("4.3", "Data resources"), paper("4.4", "Tooling resources"), paper("4.5", "System and computing resources"),
			paper("4.6", "Human resources"),
			paper("5.2", "AI system impact assessment process"), paper("5.3", "Documentation of AI system impact assessments"),
			paper("5.4", "Assessing AI system impact on individuals or groups of individuals"), paper("5.5", "Assessing societal impacts of AI systems"),
			paper("6.1.2", "Objectives for responsible development of AI system"), paper("6.1.3", "Processes for responsible AI system design and development"),
			paper("6.2.2", "AI system requirements and specification"), paper("6.2.3", "Documentation of AI system design and development"),
			control("6.2.4", "AI system verification and validation", slices.Concat(owaspAll(), ours(ASIItems()...)), nil, ""),
			paper("6.2.5", "AI system deployment"),
			control("6.2.6", "AI system operation and monitoring", nil, ours("LLM10:2025"), "the watch can be part of it; a test is not."),
			paper("6.2.7", "AI system technical documentation"), paper("6.2.8", "AI system recording of event logs"),
			data("7.2", "Data for development and enhancement of AI system"), paper("7.3", "Acquisition of data"), data("7.4", "Quality of data for AI systems"),
			data("7.5", "Data provenance"), paper("7.6", "Data preparation"),
			paper("8.2", "System documentation and information for users"), paper("8.3", "External reporting"), paper("8.4", "Communication of incidents"),
			paper("8.5", "Information for interested parties"),
			paper("9.2", "Processes for responsible use of AI systems"), paper("9.3", "Objectives for responsible use of AI system"),
			control("9.4", "Intended use of the AI system", ours("ASI01", "ASI02", "AML.T0054"), ours("LLM01:2025", "LLM06:2025"), ""),
			paper("10.2", "Allocating responsibilities"),
			control("10.3", "Suppliers", ours("LLM03:2025", "ASI04"), nil, ""),
			paper("10.4", "Customers"),
		},
	}
}
