package framework

import "slices"

// owaspAPI maps by weakness: OWASP prints some CWE ids with each item, the others are ours.
func owaspAPI() *Framework {
	both := func(theirs []string, our ...string) []Link { return slices.Concat(printed(theirs...), ours(our...)) }
	return &Framework{
		ID: OWASPAPI, Name: "OWASP API Security Top 10", Version: "2023", Publisher: "OWASP Foundation", Document: "OWASP API Security Top 10 2023",
		Address: "https://owasp.org/API-Security/editions/2023/en/0x11-t10/",
		Note:    "Templates are about AI services: an API behind them is tested as far as a model, its tools and its endpoints reach.",
		Items: []Item{
			{ID: "API1:2023", Title: "Broken Object Level Authorization", From: both([]string{"CWE-639"}, "CWE-488"), Against: ours("CWE-863")},
			{ID: "API2:2023", Title: "Broken Authentication", From: both([]string{"CWE-204", "CWE-307"}, "CWE-287", "CWE-290", "CWE-306", "CWE-613", "CWE-522")},
			{ID: "API3:2023", Title: "Broken Object Property Level Authorization", From: both([]string{"CWE-213", "CWE-915"}, "CWE-472")},
			{ID: "API4:2023", Title: "Unrestricted Resource Consumption", From: both([]string{"CWE-770", "CWE-400", "CWE-799"}, "CWE-405", "CWE-789", "CWE-834", "CWE-835")},
			{ID: "API5:2023", Title: "Broken Function Level Authorization", From: both([]string{"CWE-285"}, "CWE-862", "CWE-269", "CWE-250", "CWE-650")},
			{ID: "API6:2023", Title: "Unrestricted Access to Sensitive Business Flows", From: ours("CWE-841", "CWE-837")},
			{ID: "API7:2023", Title: "Server Side Request Forgery", From: printed("CWE-918")},
			{ID: "API8:2023", Title: "Security Misconfiguration", From: both([]string{"CWE-209", "CWE-319", "CWE-444", "CWE-942"}, "CWE-215", "CWE-497", "CWE-524", "CWE-346", "CWE-611")},
			{
				ID: "API9:2023", Title: "Improper Inventory Management",
				Why: "Not testable from here by an attack: shadow endpoints and forgotten versions are what the inventory shows (the requirement no-shadow-ai-endpoint).",
			},
			{ID: "API10:2023", Title: "Unsafe Consumption of APIs", From: both([]string{"CWE-20"}, "CWE-829", "AML.T0099")},
		},
	}
}
