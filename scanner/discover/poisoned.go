package discover

import "assay/scanner/poison"

// poisoned says what a description holds that is not about its tool, one sentence each, with the words; nothing when there
// is nothing (package poison).
func poisoned(text string) []string {
	var said []string
	for _, f := range poison.In(text) {
		if f.Said != "" {
			f.Why += ": “" + f.Said + "”"
		}
		said = append(said, f.Why)
	}
	return said
}
