package app

import "assay/report"

// ReportSchema is the JSON Schema of reports in the format json, with every field explained.
func ReportSchema() []byte { return report.JSONSchema() }
