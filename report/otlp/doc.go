// Package otlp turns recorded calls of models into spans of OpenTelemetry, as the semantic conventions for generative AI
// have them, so that a team can look at them in the store it already runs. It does no I/O: others send what it makes.
//
// The conventions are those of the OpenTelemetry GenAI repository in November 2026 (gen_ai.provider.name,
// gen_ai.input.messages, …; status: development), with server.*, http.* and error.type of the general conventions 1.41.
// docs/otlp.md lists every attribute. An attribute is absent where nothing was seen.
package otlp
