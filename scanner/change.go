package scanner

import (
	"time"

	"assay/traffic"
)

// ChangeKind names what changed.
type ChangeKind string

// The kinds of change.
const (
	ChangeEndpoint       ChangeKind = "new-endpoint"
	ChangeHost           ChangeKind = "new-host"
	ChangeModel          ChangeKind = "new-model"
	ChangeTool           ChangeKind = "new-tool"
	ChangeKey            ChangeKind = "new-key"
	ChangeClient         ChangeKind = "new-client"
	ChangeParameter      ChangeKind = "new-parameter"
	ChangeType           ChangeKind = "new-type" // a field has a type it never had
	ChangeStatus         ChangeKind = "new-status"
	ChangeAuth           ChangeKind = "new-auth"
	ChangeSensitive      ChangeKind = "new-sensitive"
	ChangePrompt         ChangeKind = "prompt-changed"
	ChangeToolDefinition ChangeKind = "tool-changed"  // rug pull: a tool's definition is another one
	ChangePoisoned       ChangeKind = "tool-poisoned" // a description holds instructions for the model
	ChangeToolGone       ChangeKind = "tool-gone"     // no longer listed
	ChangeSilent         ChangeKind = "silent"        // not seen for days
	ChangeMerged         ChangeKind = "merged"        // endpoints turned out to be one
	ChangeFull           ChangeKind = "full"          // a bound was reached: what came later is folded together
)

// Change is one line of the timeline. At is when it was seen in the traffic, not when the inventory learned of it.
type Change struct {
	ID       int64
	At       time.Time
	Found    time.Time
	Kind     ChangeKind
	Endpoint EndpointID // 0 when it concerns none
	Asset    AssetID    // 0 when it concerns none
	Exchange traffic.ID // that showed it; 0 when none did
	What     string     // one sentence
	Detail   string     // what it was and is, for people; may hold text from the traffic
	Severity string     // info, low, medium, high
}
