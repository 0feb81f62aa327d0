// Package templates holds the attacks and suites that come with the program, as files: data only. scanner/template reads
// them; docs/templates.md says how they are written.
package templates

import "embed"

// Files are the templates below attacks and the suites below suites.
//
//go:embed attacks suites
var Files embed.FS

// Schema is the JSON Schema of a template, for editors.
//
//go:embed template.schema.json
var Schema []byte
