package window

// Reports is the screen that makes reports: what is in them, for whom, and what is hidden in them.
type Reports struct{ desk *Desk }

// Formats lists what a report can be written as.
func (r *Reports) Formats(_ Nothing) (out ReportFormatsOut, err error) {
	defer r.desk.guard(&err)
	out.Formats = []string{}
	return out, nil
}

// ReportFormatsOut are the formats of reports.
type ReportFormatsOut struct {
	Formats []string `json:"formats"`
}
