// Package discover folds exchanges into an inventory: endpoints with learned path templates and inferred schemas, AI
// assets (models, prompts, tools, keys, clients) and who calls whom, sensitive data and where it travels, and what
// changed. A Book holds the state of one project and tells, batch by batch, what has to be kept (scanner.Fold).
//
// The package does no I/O: what it does not hold in memory it asks an Archive for. It says only what was seen.
package discover
