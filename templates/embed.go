// Package templates holds the attacks and suites that come with the program, and the rules of the watch, as files: data
// only. scanner/template and scanner/rule read them; docs/templates.md and docs/rules.md say how they are written.
package templates

import "embed"

// Files are the templates below attacks and the suites below suites.
//
//go:embed attacks suites
var Files embed.FS

// Rules are the rules of the watch, below rules.
//
//go:embed rules
var Rules embed.FS

// Schema is the JSON Schema of a template, for editors.
//
//go:embed template.schema.json
var Schema []byte
