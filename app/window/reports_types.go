package window

// ReportForm is what a person chose of a report. The project keeps it, so that the next report begins with it.
type ReportForm struct {
	Audience      string   `json:"audience"` // executive, technical, retest
	Run           string   `json:"run"`      // its id: the report is limited to it; empty for the whole project
	Against       string   `json:"against"`  // the run that a retest is compared with; empty for the usual one
	Targets       []string `json:"targets"`  // findings of these only: model:ID, exchange:ID or a URL; none for all
	Least         string   `json:"least"`    // findings of this severity and worse; empty for all
	Findings      []string `json:"findings"` // ids of those that were chosen one by one; none for all
	Evidence      int      `json:"evidence"` // trials of each finding at most; 0 for as many as usual
	Title         string   `json:"title"`
	Client        string   `json:"client"`
	Tester        string   `json:"tester"`
	Scope         string   `json:"scope"`
	Authorisation string   `json:"authorisation"` // who allowed the test
	Note          string   `json:"note"`
	Without       []string `json:"without"` // sections that are left out
	Format        string   `json:"format"`  // it was exported as last
}

// ReportChoices is what a report can be made of, and what was chosen for the latest one.
type ReportChoices struct {
	Form      ReportForm      `json:"form"`
	Logo      ReportLogo      `json:"logo"`
	Runs      []ReportRun     `json:"runs"`    // newest first
	Targets   []ReportTarget  `json:"targets"` // of findings, those with the most first
	Sections  []ReportSection `json:"sections"`
	Formats   []ReportFormat  `json:"formats"`
	Findings  int             `json:"findings"`
	Exchanges int64           `json:"exchanges"`
	Models    int             `json:"models"`
	Folder    string          `json:"folder"`   // where the latest one was written; empty where nobody knows
	Writable  bool            `json:"writable"` // what is chosen can be kept
}

// ReportRun is a run that a report can be limited to, or compared with.
type ReportRun struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	State   string `json:"state"`
	Started string `json:"started"`
	Starred bool   `json:"starred"` // others are compared with it
}

// ReportTarget is a target that has findings.
type ReportTarget struct {
	Ref  string `json:"ref"`
	Name string `json:"name"`
	N    int    `json:"n"`
}

// ReportSection is a section of reports.
type ReportSection struct {
	ID   string `json:"id"`
	Only string `json:"only"` // the audience that has it; empty for all
}

// ReportFormat is something that a report can be written as.
type ReportFormat struct {
	ID  string `json:"id"`
	Ext string `json:"ext"` // with the dot
}

// ReportLogo is the picture on the cover.
type ReportLogo struct {
	Picture string `json:"picture"` // as data: URL; empty for none
	Width   int    `json:"width"`   // in pixels
	Height  int    `json:"height"`
	Bytes   int    `json:"bytes"`
}

// SetReportLogoIn replaces the picture on the cover.
type SetReportLogoIn struct {
	Picture string `json:"picture"` // PNG or JPEG in base64; empty takes it away
}

// ReportPreview is a report that was gathered, and what is hidden in it. Its page is bytes of Desk.Handler.
type ReportPreview struct {
	ID        string         `json:"id"`
	Page      string         `json:"page"`  // path of its HTML
	Bytes     int            `json:"bytes"` // of the HTML
	Title     string         `json:"title"`
	Findings  int            `json:"findings"`
	Evidence  int            `json:"evidence"` // trials that it shows
	Large     bool           `json:"large"`    // larger than what is sent as one file
	Shortened []string       `json:"shortened"`
	Hidden    []HiddenKind   `json:"hidden"`
	Took      float64        `json:"took_ms"`
	Counts    []FindingCount `json:"counts"` // findings in it by severity
}

// HiddenKind are the hidden values of one type.
type HiddenKind struct {
	Type  string        `json:"type"`
	Class string        `json:"class"` // secret, personal
	Word  string        `json:"word"`  // for one of them: API key
	Many  string        `json:"many"`  // for several: API keys
	N     int           `json:"n"`     // different values
	Shown int           `json:"shown"` // of those
	Items []HiddenValue `json:"items"`
}

// HiddenValue is one value that is hidden. The value itself is not in it: Look tells.
type HiddenValue struct {
	Placeholder string `json:"placeholder"`
	Count       int    `json:"count"` // how often it stands in the report
	Shown       bool   `json:"shown"`
}

// HiddenIn names a hidden value of a preview.
type HiddenIn struct {
	Preview     string `json:"preview"`
	Placeholder string `json:"placeholder"`
}

// HiddenOut is what stands behind a placeholder.
type HiddenOut struct {
	Value  string `json:"value"`
	Sealed bool   `json:"sealed"` // a credential that the project keeps without its value: nobody can look at it
	More   int    `json:"more"`   // bytes that were left out at its end
}

// ShowHiddenIn says whether a hidden value stands in the report.
type ShowHiddenIn struct {
	Preview     string `json:"preview"`
	Placeholder string `json:"placeholder"`
	On          bool   `json:"on"`
}

// ReportExportIn says what is written, and as what.
type ReportExportIn struct {
	Form   ReportForm `json:"form"`
	Format string     `json:"format"`
}

// ReportExportOut is how a report reached the person. It is empty where the dialog was cancelled.
type ReportExportOut struct {
	Download string       `json:"download"` // path of Desk.Handler, good for one GET; only where there are no dialogs
	Name     string       `json:"name"`     // of the file
	Made     ReportMade   `json:"made"`
	Shown    []HiddenKind `json:"shown"` // values that stand in it because a person chose that
}

// ReportMade is a report that was made of the project.
type ReportMade struct {
	At       string         `json:"at"`
	Format   string         `json:"format"`
	Audience string         `json:"audience"`
	File     string         `json:"file"` // its name, without folders
	Bytes    int64          `json:"bytes"`
	SHA256   string         `json:"sha256"`
	Findings int            `json:"findings"`
	Hidden   []FindingCount `json:"hidden"` // different values by type
	Shown    []string       `json:"shown"`  // placeholders whose values a person chose to show
	Open     bool           `json:"open"`   // it was written in this session, and can be opened
}

// ReportsMadeOut are the reports that were made, the newest first.
type ReportsMadeOut struct {
	Items []ReportMade `json:"items"`
	Total int          `json:"total"`
}

// OpenReportIn names a report that was written in this session.
type OpenReportIn struct {
	SHA256 string `json:"sha256"`
}
