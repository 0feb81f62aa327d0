// Package llm reads what language-model traffic meant: who asked which model what, with which tools, and what came
// back. Each wire format (OpenAI chat, Anthropic messages, Gemini, ...) is one file; all of them fill one Conversation.
//
// The package does no I/O. It says only what it saw: a fact that was not on the wire is absent, never guessed.
package llm
