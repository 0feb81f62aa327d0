package guard

import (
	"time"

	"assay/scanner"
)

// The names of the presets.
const (
	PresetOWASP    = "OWASP LLM"
	PresetPersonal = "Personal data"
	PresetSecrets  = "Secrets"
	PresetTools    = "Tool safety"
)

// Presets are policies worth beginning with, by the name of the preset. All are off, and none stops anything: they say
// what they see, or take secrets out. Who wants more changes the action after a look at what a replay says.
func Presets() map[string][]scanner.Policy {
	const models = "kind:(llm, agent, chat-backend, mcp-server)"
	watching := func(name, where string, side scanner.Side, least float64, signs ...scanner.SignKind) scanner.Policy {
		return scanner.Policy{Name: name, Action: scanner.Monitor, Where: where, Side: side, Signs: signs, Least: least}
	}
	return map[string][]scanner.Policy{
		PresetOWASP: {
			watching("LLM01 Prompt injection", models, scanner.InRequest, 0.6, scanner.SignInjection, scanner.SignHidden),
			watching("LLM02 Sensitive information disclosure", models, scanner.InAnswer, 0.6, scanner.SignSecret, scanner.SignExfil),
			watching("LLM03 Poisoned tool descriptions", models, "", 0.6, scanner.SignPoisoned),
			watching("LLM05 Improper output handling", models, scanner.InAnswer, 0.7, scanner.SignOutput),
			watching("LLM06 Excessive agency", models, scanner.InAnswer, 0.6, scanner.SignToolCall),
			watching("LLM07 System prompt leakage", models, scanner.InAnswer, 0.6, scanner.SignLeak),
			{
				Name: "LLM10 Unbounded consumption", Action: scanner.Monitor, Where: models, Side: scanner.InRequest,
				Budget: &scanner.Allowance{Of: "requests", Most: 120, Within: scanner.Duration(time.Minute), Per: "actor"},
			},
		},
		PresetPersonal: {
			{
				Name: "Payment cards and bank accounts do not leave", Action: scanner.Redact, Where: models, Side: scanner.InRequest,
				Types: []string{"CREDIT_CARD", "IBAN_CODE"}, Least: 0.8,
			},
			watching("Personal data in requests", models, scanner.InRequest, 0.6, scanner.SignPersonal),
			watching("Personal data in answers", models, scanner.InAnswer, 0.6, scanner.SignPersonal),
		},
		PresetSecrets: {
			{Name: "Secrets do not leave", Action: scanner.Redact, Where: models, Side: scanner.InRequest, Types: []string{"secret"}, Least: 0.6},
			{Name: "Secrets are not answered", Action: scanner.Redact, Where: models, Side: scanner.InAnswer, Types: []string{"secret"}, Least: 0.6},
			watching("Secrets anywhere else", "-"+models, "", 0.8, scanner.SignSecret),
		},
		PresetTools: {
			watching("Dangerous calls of tools", models, "", 0.5, scanner.SignToolCall),
			watching("Poisoned descriptions of tools", models, "", 0.5, scanner.SignPoisoned),
			{
				Name: "Tools that run commands or delete", Action: scanner.Monitor, Where: models,
				Tools: []string{"*shell*", "*exec*", "bash", "*command*", "*delete*", "*remove*", "*drop*", "*transfer*", "*payment*"},
			},
		},
	}
}
