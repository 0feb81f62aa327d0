package e2e_test

import (
	"encoding/json"
	"testing"
	"time"
)

// row is one line of `assay ls --json`.
type row struct {
	ID           string     `json:"id"`
	Method       string     `json:"method"`
	URL          string     `json:"url"`
	Host         string     `json:"host"`
	Status       int        `json:"status"`
	State        string     `json:"state"`
	Protocol     string     `json:"protocol"`
	Kind         string     `json:"kind"`
	Provider     string     `json:"provider"`
	Family       string     `json:"family"`
	Model        string     `json:"model"`
	Stream       bool       `json:"stream"`
	Messages     int        `json:"messages"`
	Roles        []string   `json:"roles"`
	System       string     `json:"system"`
	LastUser     string     `json:"last_user"`
	Answer       string     `json:"answer"`
	Reasoning    string     `json:"reasoning"`
	Tools        []string   `json:"tools"`
	Calls        []toolCall `json:"tool_calls"`
	Finish       string     `json:"finish_reason"`
	InputTokens  int        `json:"input_tokens"`
	OutputTokens int        `json:"output_tokens"`
	RPCMethod    string     `json:"rpc_method"`
	RPCTool      string     `json:"rpc_tool"`
	Error        string     `json:"error"`
	ErrorType    string     `json:"error_type"`
	RequestSize  int        `json:"request_bytes"`
	AnswerSize   int        `json:"response_bytes"`
}

// toolCall is a call with its arguments decoded; what is not JSON stays text.
type toolCall struct {
	Name      string `json:"name"`
	Arguments any    `json:"arguments"`
}

// UnmarshalJSON accepts arguments as a value and as JSON text.
func (c *toolCall) UnmarshalJSON(data []byte) error {
	var sent struct {
		Name      string `json:"name"`
		Arguments any    `json:"arguments"`
	}
	if err := json.Unmarshal(data, &sent); err != nil {
		return err
	}
	c.Name, c.Arguments = sent.Name, sent.Arguments
	if text, ok := sent.Arguments.(string); ok {
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			c.Arguments = value
		}
	}
	return nil
}

// list is `assay ls` of a whole project.
func list(t *testing.T, home, project string) []row {
	t.Helper()
	return lines[row](t, run(t, home, "ls", "--project", project, "--limit", "0", "--json"))
}

// patience is how long an exchange may take to show up in `assay ls`, on a busy machine.
const patience = 20 * time.Second

// await lists the project, while the recorder runs, until enough says so.
func (r *recorder) await(t *testing.T, what string, enough func([]row) bool) []row {
	t.Helper()
	start := time.Now()
	for {
		rows := list(t, r.home, r.Project)
		if enough(rows) {
			t.Logf("%s: in assay ls after %v", what, time.Since(start).Round(time.Millisecond))
			return rows
		}
		if time.Since(start) > patience {
			for _, one := range rows {
				t.Logf("%s %s %d %s %q %q", one.Method, one.URL, one.Status, one.State, one.Family, one.LastUser)
			}
			t.Fatalf("%s: not in assay ls after %v (%d rows)", what, patience, len(rows))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// asked finds the row of a question that has ended.
func asked(rows []row, question string) (row, bool) {
	for _, one := range rows {
		if one.LastUser == question && one.State != "open" && one.State != "streaming" {
			return one, true
		}
	}
	return row{}, false
}
