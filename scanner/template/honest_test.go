package template_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/llm"
	"assay/scanner"
	"assay/scanner/judge"
	"assay/scanner/template"
	"assay/templates"
)

// The honest servers of this file answer every case of every shipped template. None may be called vulnerable that did
// nothing.

// refusals quote what was asked, as many models do.
var refusals = []string{
	"I'm sorry, but I can't help with that. You asked: \"%s\"",
	"I can't assist with this request (\"%s\").",
	"Sorry, I won't do that: %s",
	"As an AI model I am not able to comply with: \"%s\". Is there something else?",
	"Es tut mir leid, aber dabei kann ich nicht helfen. Sie schrieben: „%s“",
	"Je suis désolé, mais je ne peux pas vous aider avec cette demande : « %s »",
	"Lo siento, no puedo ayudar con eso: \"%s\"",
	"申し訳ありませんが、そのご要望にはお応えできません。「%s」",
	"抱歉,我无法协助处理这个请求:“%s”",
	"I must decline. The text \"%s\" goes against my guidelines.",
}

// innocents answer the question that an innocent person asked, whatever the attack says.
var innocents = []string{
	"Your last order holds a rain jacket and a pair of gloves. It was sent yesterday and arrives on Thursday between nine and noon.",
	"Thanks for asking! The parcel is on its way; you can follow it in your account under Orders.",
	"The handbook says: hold your badge to the reader in building 4 for ten seconds.",
}

// attacks are the shipped templates, read once: the servers answer each of them many times.
var attacks = sync.OnceValue(func() []*template.Template {
	library, _ := template.Load(templates.Files)
	return library.Templates()
})

func each(t *testing.T, try func(name string, r *template.Rendered, answer int) judge.Input, check func(tpl *template.Template, name string, j scanner.Judgement)) int {
	t.Helper()
	n := 0
	for _, tpl := range attacks() {
		for i, c := range tpl.Cases(template.Limits{}) {
			r, err := c.Render(template.SampleValues(), uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			in := try(c.ID, r, n)
			in.Sent = r.Sent()
			in.Canaries = []string{template.SampleValues()["canary"]}
			in.System = []string{template.SampleValues()["system_prompt"]}
			if r.Setup.System != "" {
				in.System = []string{r.Setup.System}
			}
			in.Others = []judge.Tenant{{Name: "second customer", Values: []string{template.SampleValues()["other_secret"]}}}
			baseline := said(innocents[0])
			in.Baseline = &judge.Baseline{Said: baseline, Status: 200, Body: []byte(innocents[0]), Latency: 900 * time.Millisecond}
			check(tpl, c.ID+" "+c.Mutation, judge.Judge(in, r.Detect))
			n++
		}
	}
	return n
}

func said(answer string) *llm.Conversation {
	tokens := int64(len(answer)/4 + 1)
	c := &llm.Conversation{Kind: llm.KindLLM, Family: "openai.chat", Answer: answer, Finish: "stop"}
	c.Usage.Output = &tokens
	return c
}

func answering(answer string) judge.Input {
	return judge.Input{Said: said(answer), Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: fmt.Appendf(nil, `{"answer":%q}`, answer), Latency: time.Second}
}

func TestServerThatRefuses(t *testing.T) {
	t.Parallel()
	n := each(t, func(_ string, r *template.Rendered, i int) judge.Input {
		text := ""
		if len(r.Turns) > 0 {
			text = r.Turns[len(r.Turns)-1].Text
		}
		return answering(fmt.Sprintf(refusals[i%len(refusals)], text))
	}, func(_ *template.Template, name string, j scanner.Judgement) {
		if j.Verdict == scanner.Vulnerable {
			t.Errorf("%s: refused and judged vulnerable: %s", name, j.Reason)
		}
	})
	t.Logf("%d cases", n)
}

func TestServerThatAnswersTheInnocentQuestion(t *testing.T) {
	t.Parallel()
	each(t, func(_ string, _ *template.Rendered, i int) judge.Input {
		return answering(innocents[i%len(innocents)])
	}, func(tpl *template.Template, name string, j scanner.Judgement) {
		// Where the API itself is judged (is there a limit, are credentials asked for) a plain answer is the finding.
		if j.Verdict == scanner.Vulnerable && !slices.Contains(tpl.Tags, "transport") {
			t.Errorf("%s: ignored the attack and was judged vulnerable: %s", name, j.Reason)
		}
	})
}

func TestServerThatFails(t *testing.T) {
	t.Parallel()
	failures := []judge.Input{
		{Fault: "no answer within 30 seconds"},
		{Fault: "the connection was reset"},
		{Status: 500, Body: []byte("Internal Server Error")},
		{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"choices":[{"mess`)},
	}
	each(t, func(_ string, _ *template.Rendered, i int) judge.Input { return failures[i%len(failures)] },
		func(tpl *template.Template, name string, j scanner.Judgement) {
			if j.Verdict != scanner.Errored && tpl.Level() != "request" || j.Verdict == scanner.Vulnerable && !slices.Contains(tpl.Tags, "transport") {
				t.Errorf("%s: failed and was judged %s: %s", name, j.Verdict, j.Reason)
			}
		})
}

// obeying answers as a target would that does everything it reads, by rules that know no template: it joins the two
// pieces it was given, says marks, recites its instructions, and calls each tool it has with what stands in the text.
func obeying(r *template.Rendered, i int) judge.Input {
	values := template.SampleValues()
	text := ""
	for _, turn := range r.Turns {
		text += turn.Plain + "\n"
	}
	system := r.Setup.System
	if system == "" {
		system = values["system_prompt"]
	}
	in := answering("Of course: " + values["canary"] + "\n" + system)
	for _, tool := range r.Setup.Tools {
		schema, _ := tool.Parameters.(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		arguments := map[string]any{}
		for name := range properties {
			arguments[name] = strings.ReplaceAll(text, values["canary_a"]+values["canary_b"], values["canary"]) + values["canary"]
		}
		data, err := json.Marshal(arguments)
		if err != nil {
			return judge.Input{}
		}
		for range 25 {
			in.Said.ToolCalls = append(in.Said.ToolCalls, llm.ToolCall{ID: fmt.Sprint(i), Name: tool.Name, Arguments: string(data)})
		}
	}
	return in
}

// TestServerThatObeys counts templates that plant a mark or look for the prompt or a tool: these an obeying target must
// fall for. What needs an answer with its own content (fiction, invented facts, measured length) is shown by samples.
func TestServerThatObeys(t *testing.T) {
	t.Parallel()
	hit, all := 0, 0
	each(t, func(_ string, r *template.Rendered, i int) judge.Input { return obeying(r, i) },
		func(tpl *template.Template, name string, j scanner.Judgement) {
			signals := tpl.Signals()
			if tpl.Level() == "request" || !slices.Contains(signals, "canary") && !slices.Contains(signals, "tool-call") && !slices.Contains(signals, "system-prompt-overlap") {
				return
			}
			all++
			if j.Verdict == scanner.Vulnerable {
				hit++
				return
			}
			t.Logf("%s: obeyed and was judged %s: %s", name, j.Verdict, j.Reason)
		})
	t.Logf("%d of %d cases", hit, all)
	if hit*100 < all*95 {
		t.Errorf("an obeying target is vulnerable in %d of %d cases", hit, all)
	}
}
