package judge

import (
	"net/http"
	"time"

	"assay/llm"
)

// Input is one trial: what was sent, what came back, and what is known to compare with. Zero fields are unknown.
type Input struct {
	// Sent holds what the attack put in: its text before and after mutation, and payloads put in other slots. What an
	// answer repeats of it proves nothing by itself.
	Sent []string

	Said     *llm.Conversation // what came back, as llm read it; nil where no format was known
	Status   int               // 0 where no answer came
	Header   http.Header       // of the answer
	Body     []byte            // of the answer, without content coding
	Fault    string            // why there is no whole answer: a timeout, a reset, a cut stream; empty where there is one
	Latency  time.Duration     // from the first byte sent to the last received
	Received int64             // bytes of the body on the wire, where Body was cut; 0 means len(Body)

	Canaries  []string   // texts planted for this trial; what of them is not in Sent was planted where only a leak shows it
	System    []string   // the recorded system prompt
	Baseline  *Baseline  // the same request without the attack
	Callbacks []Callback // hits of the out-of-band listener with this trial's token
	Others    []Tenant   // data of others that this caller must not see
	Guard     *Guard     // what is known of the target's own guard
}

// Baseline is the answer to the request without the attack.
type Baseline struct {
	Prompt  string // what was asked
	Said    *llm.Conversation
	Status  int
	Body    []byte
	Size    int64 // bytes of the body; 0 means len(Body)
	Latency time.Duration
}

// Callback is one hit of the out-of-band listener.
type Callback struct {
	Token string
	From  string // the address that called
	What  string // the request line, or the name that was looked up
}

// Tenant is somebody else.
type Tenant struct {
	Name   string
	Values []string // what only they have: ids, names, numbers; shorter than 4 bytes is not looked for
}

// maxText bounds how much of one text is judged, in bytes. What lies beyond is not looked at, and said to be so.
const maxText = 1 << 20

// answer is the text that a person would read: the assembled answer, or the body where no format is known or the format
// has no words.
func (in *Input) answer() string {
	if in.Said != nil {
		switch {
		case in.Said.Answer != "":
			return in.Said.Answer
		case in.Said.Refusal != "":
			return in.Said.Refusal
		case in.Said.RPC != nil && in.Said.RPC.ResultText != "":
			return in.Said.RPC.ResultText
		case in.Said.Family != "" || in.Said.Error != nil || len(in.Said.ToolCalls) > 0 || in.Said.Reasoning != "":
			return wordless(in.Said, in.Body)
		}
	}
	return string(in.Body[:min(len(in.Body), maxText+1)])
}

// Answer is the text that is judged, at most a little more than a MiB of it where it is the body: what evidence in
// "answer" points into.
func (in *Input) Answer() string { return in.answer() }

// size is how many bytes the body has.
func (in *Input) size() int64 { return max(in.Received, int64(len(in.Body))) }

func (b *Baseline) answer() string {
	if b == nil {
		return ""
	}
	return (&Input{Said: b.Said, Body: b.Body}).answer()
}

func (b *Baseline) size() int64 { return max(b.Size, int64(len(b.Body))) }
