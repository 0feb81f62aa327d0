// Package templates holds the attacks and suites that come with the program, the rules of the watch, and what has to
// hold in a project, as files: data only. scanner/template, scanner/rule and scanner/requirement read them; docs/templates.md,
// docs/rules.md and docs/requirements.md say how they are written.
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

// Requirements are what has to hold in a project, below requirements.
//
//go:embed requirements
var Requirements embed.FS

// Schema is the JSON Schema of a template, for editors.
//
//go:embed template.schema.json
var Schema []byte

// RequirementSchema is the JSON Schema of a requirement, for editors.
//
//go:embed requirement.schema.json
var RequirementSchema []byte
