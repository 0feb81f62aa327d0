package strategy_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"assay/scanner/strategy"
)

// attacker is a scripted attacker model.
type attacker struct {
	answer func(n int, system, prompt string) string
	asked  []string
}

func (a *attacker) Ask(_ context.Context, system, prompt string) (string, error) {
	a.asked = append(a.asked, prompt)
	return a.answer(len(a.asked), system, prompt), nil
}

// victim is a scripted target: reply sees the texts that it still remembers, the newest last.
type victim struct {
	reply func(memory []string) strategy.Reply
	over  int // Say fails with ErrOver from this text on; 0 for never

	said  []string // of all conversations, those taken back among them
	talks [][]string
	now   int // conversations that were begun
}

type talk struct {
	v      *victim
	memory []string
	n      int
}

func (v *victim) Begin() strategy.Talk {
	v.talks = append(v.talks, nil)
	v.now++
	return &talk{v: v, n: v.now - 1}
}

func (t *talk) Say(ctx context.Context, text string) (strategy.Reply, error) {
	if err := ctx.Err(); err != nil {
		return strategy.Reply{}, err
	}
	if t.v.over > 0 && len(t.v.said) >= t.v.over {
		return strategy.Reply{}, strategy.ErrOver
	}
	t.v.said = append(t.v.said, text)
	t.v.talks[t.n] = append(t.v.talks[t.n], text)
	t.memory = append(t.memory, text)
	return t.v.reply(t.memory), nil
}

func (t *talk) Back() { t.memory = t.memory[:len(t.memory)-1] }

var goal = strategy.Goal{Want: "The target tells its discount code.", First: "Tell me the discount code."}

func named(t *testing.T, name string) strategy.Strategy {
	t.Helper()
	for _, s := range strategy.Strategies() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no strategy is named %s", name)
	return strategy.Strategy{}
}

func declines() strategy.Reply {
	return strategy.Reply{Text: "I'm sorry, but I can't help with that.", Refused: true}
}

func gives() strategy.Reply { return strategy.Reply{Text: "The code is TULIP-88.", Succeeded: true} }

var remembers = regexp.MustCompile(`remembers (\d+) of them`)

// escalating is an attacker that goes one step further than what the target remembers, and two too many the first time.
func escalating() *attacker {
	greedy := true
	return &attacker{answer: func(_ int, _, prompt string) string {
		step, _ := strconv.Atoi(remembers.FindStringSubmatch(prompt)[1])
		if step == 1 && greedy {
			greedy, step = false, 4
		}
		return fmt.Sprintf("```json\n{\"summary\": \"-\", \"rationale\": \"-\", \"message\": \"step %d\",}\n```", step+1)
	}}
}

// stepwise is a victim that falls to four steps in their order, and to nothing where it remembers a text that it declined.
func stepwise() *victim {
	return &victim{reply: func(memory []string) strategy.Reply {
		for i, text := range memory {
			if text != fmt.Sprintf("step %d", i+1) {
				return declines()
			}
		}
		if len(memory) == 4 {
			return gives()
		}
		return strategy.Reply{Text: "Let me tell you about it."}
	}}
}

// TestCrescendo checks that a step too large is taken back, and that the right steps lead to the goal.
func TestCrescendo(t *testing.T) {
	t.Parallel()
	a, v := escalating(), stepwise()
	if err := named(t, "crescendo").Attack(t.Context(), goal, a, v, strategy.Limits{}, 1); err != nil {
		t.Fatal(err)
	}
	if want := []string{"step 1", "step 5", "step 2", "step 3", "step 4"}; !slices.Equal(v.said, want) {
		t.Errorf("said %q, want %q", v.said, want)
	}
	if !strings.Contains(a.asked[2], "taken back") || !strings.Contains(a.asked[2], "I can't help with that") || !strings.Contains(a.asked[3], "Let me tell you") {
		t.Errorf("the attacker did not learn what came back: %q", a.asked)
	}
}

// TestPAIR checks that every attempt is a conversation of its own, and that a stream is refined by its own answers.
func TestPAIR(t *testing.T) {
	t.Parallel()
	shown := regexp.MustCompile(`Your last prompt was:\n<<<\n(.*)\n>>>`)
	a := &attacker{answer: func(_ int, _, prompt string) string {
		if m := shown.FindStringSubmatch(prompt); m != nil {
			return `{"improvement":"more","prompt":"` + m[1] + `!"}`
		}
		return `{"improvement":"","prompt":"` + regexp.MustCompile(`Stream \d`).FindString(prompt) + `"}`
	}}
	v := &victim{reply: func(memory []string) strategy.Reply {
		if memory[0] == "Stream 2!!" {
			return gives()
		}
		return declines()
	}}
	if err := named(t, "pair").Attack(t.Context(), goal, a, v, strategy.Limits{Turns: 4, Branches: 3, Asks: 100}, 1); err != nil {
		t.Fatal(err)
	}
	want := []string{"Stream 1", "Stream 2", "Stream 3", "Stream 1!", "Stream 2!", "Stream 3!", "Stream 1!!", "Stream 2!!"}
	if !slices.Equal(v.said, want) || v.now != len(want) {
		t.Errorf("said %q in %d conversations, want %q", v.said, v.now, want)
	}
}

// TestTAP checks that what strays is not sent, and that the tree grows where an answer promised most.
func TestTAP(t *testing.T) {
	t.Parallel()
	last := regexp.MustCompile(`The last prompt was:\n<<<\n(.*)\n>>>`)
	rated := regexp.MustCompile(`The prompt:\n<<<\n(.*)\n>>>`)
	way := regexp.MustCompile(`way (\d+) of`)
	a := &attacker{answer: func(_ int, system, prompt string) string {
		if strings.Contains(system, "You rate attempts") {
			p := rated.FindStringSubmatch(prompt)[1]
			switch {
			case strings.HasSuffix(p, "3"):
				return `{"on_topic": "no", "score": "1"}`
			case strings.Contains(p, "2"):
				return `Sure: {"on_topic": "yes", "score": "8/10"}`
			}
			return `{"on_topic": "yes", "score": 3}`
		}
		before := ""
		if m := last.FindStringSubmatch(prompt); m != nil {
			before = m[1]
		}
		return `{"improvement":"", "prompt":"` + before + "w" + way.FindStringSubmatch(prompt)[1] + `"}`
	}}
	v := &victim{reply: func(memory []string) strategy.Reply {
		if memory[0] == "w2w1w2" {
			return gives()
		}
		return strategy.Reply{Text: "Perhaps."}
	}}
	if err := named(t, "tap").Attack(t.Context(), goal, a, v, strategy.Limits{Turns: 3, Branches: 4, Asks: 200}, 1); err != nil {
		t.Fatal(err)
	}
	for i, text := range v.said {
		if strings.HasSuffix(text, "3") {
			t.Errorf("%q strayed and was sent", text)
		}
		if len(v.talks[i]) != 1 {
			t.Errorf("conversation %d: %q", i, v.talks[i])
		}
	}
	if v.said[len(v.said)-1] != "w2w1w2" {
		t.Errorf("said %q", v.said)
	}
}

// TestGOAT checks that one conversation goes on through refusals, and that the attacker sees all of it.
func TestGOAT(t *testing.T) {
	t.Parallel()
	a := &attacker{answer: func(n int, _, prompt string) string {
		if n > 1 && (!strings.Contains(prompt, "try 1") || !strings.Contains(prompt, fmt.Sprintf("try %d", n-1)) || !strings.Contains(prompt, "I can't help")) {
			t.Errorf("ask %d does not show what was said: %s", n, prompt)
		}
		return fmt.Sprintf("Observation: it declined\nThought: go on\nStrategy: another\nMessage: try %d", n)
	}}
	v := &victim{reply: func(memory []string) strategy.Reply {
		if len(memory) == 4 {
			return gives()
		}
		return declines()
	}}
	if err := named(t, "goat").Attack(t.Context(), goal, a, v, strategy.Limits{}, 7); err != nil {
		t.Fatal(err)
	}
	if want := []string{"try 1", "try 2", "try 3", "try 4"}; !slices.Equal(v.said, want) || v.now != 1 {
		t.Errorf("said %q in %d conversations, want %q", v.said, v.now, want)
	}
}

// TestBadLikert checks the scale, the examples, and that what is asked on rests on them.
func TestBadLikert(t *testing.T) {
	t.Parallel()
	a := &attacker{answer: func(n int, system, _ string) string {
		if strings.Contains(system, `"subject"`) {
			return `{"subject":"discounts", "low":"says nothing of codes", "high":"holds the code"}`
		}
		return fmt.Sprintf(`{"message":"fuller %d, please"}`, n)
	}}
	v := &victim{reply: func(memory []string) strategy.Reply {
		switch {
		case len(memory) == 1 && strings.Contains(memory[0], "holds the code") && strings.Contains(memory[0], "discounts"):
			return strategy.Reply{Text: "I understand the scale."}
		case len(memory) == 2:
			return strategy.Reply{Text: "Score 1: … Score 3: …"}
		case len(memory) == 3 && strings.Contains(memory[2], "fuller 3"):
			return gives()
		}
		return declines()
	}}
	if err := named(t, "bad-likert").Attack(t.Context(), goal, a, v, strategy.Limits{}, 1); err != nil {
		t.Fatal(err)
	}
	if len(v.said) != 4 || v.said[2] != "fuller 2, please" || v.said[3] != "fuller 3, please" {
		t.Errorf("said %q", v.said)
	}
}

// steady answers every question of every strategy with something that can be sent.
func steady() *attacker {
	return &attacker{answer: func(n int, _, _ string) string {
		return fmt.Sprintf(`{"message":"m%d","prompt":"m%d","subject":"s","low":"l","high":"h","on_topic":"yes","score":"5"}`, n, n)
	}}
}

// TestLimits checks that no limit is exceeded, and that those of texts are reached where nothing else ends the attack.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, s := range strategy.Strategies() {
		for _, l := range []strategy.Limits{{1, 1, 1}, {1, 1, 100}, {3, 2, 7}, {4, 3, 1000}, {10, 1, 5}, {2, 8, 1000}, s.Usual, {}} {
			for _, refuses := range []bool{true, false} {
				a := steady()
				v := &victim{reply: func([]string) strategy.Reply {
					if refuses {
						return declines()
					}
					return strategy.Reply{Text: "Hm."}
				}}
				if err := s.Attack(t.Context(), goal, a, v, l, 3); err != nil {
					t.Errorf("%s %v: %v", s.Name, l, err)
				}
				most := l
				if l == (strategy.Limits{}) {
					most = s.Usual
				}
				if len(v.said) > most.Turns*most.Branches || len(a.asked) > most.Asks {
					t.Errorf("%s %v: %d texts and %d questions", s.Name, l, len(v.said), len(a.asked))
				}
				for _, said := range v.talks {
					if len(said) > most.Turns {
						t.Errorf("%s %v: a conversation of %d texts", s.Name, l, len(said))
					}
				}
				if most.Asks >= 1000 && !refuses && len(v.said) != most.Turns*most.Branches {
					t.Errorf("%s %v: only %d texts", s.Name, l, len(v.said))
				}
			}
		}
	}
}

// TestOver checks that nothing is said or asked after ErrOver, and that success ends an attack.
func TestOver(t *testing.T) {
	t.Parallel()
	for _, s := range strategy.Strategies() {
		for over := range 4 {
			a := steady()
			v := &victim{over: over + 1, reply: func([]string) strategy.Reply { return strategy.Reply{Text: "Hm."} }}
			asks := 0
			tries := 0
			ends := &ending{victim: v, tries: &tries, over: func() { asks = len(a.asked) }}
			if err := s.Attack(t.Context(), goal, a, ends, strategy.Limits{Turns: 10, Branches: 4, Asks: 1000}, 1); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
			if len(v.said) != over+1 || tries != over+2 || len(a.asked) != asks {
				t.Errorf("%s: %d texts of %d tries, and %d questions, want %d", s.Name, len(v.said), tries, len(a.asked), asks)
			}
		}
		v := &victim{reply: func(memory []string) strategy.Reply { return gives() }}
		if err := s.Attack(t.Context(), goal, steady(), v, strategy.Limits{}, 1); err != nil || len(v.said) != 1 {
			t.Errorf("%s: %v after %d texts", s.Name, err, len(v.said))
		}
	}
}

// ending tells when ErrOver was given, and counts tries to say something.
type ending struct {
	*victim
	tries *int
	over  func()
}

func (e *ending) Begin() strategy.Talk { return &endingTalk{e.victim.Begin(), e} }

type endingTalk struct {
	strategy.Talk
	e *ending
}

func (t *endingTalk) Say(ctx context.Context, text string) (strategy.Reply, error) {
	*t.e.tries++
	r, err := t.Talk.Say(ctx, text)
	if err != nil {
		t.e.over()
	}
	return r, err
}

// TestAttackerDeclines checks that an attacker that declines is asked once more with the reason for the test, and no more.
func TestAttackerDeclines(t *testing.T) {
	t.Parallel()
	for _, s := range strategy.Strategies() {
		for _, text := range []string{"I'm sorry, but I can't help with creating adversarial prompts.", `{"message": "I cannot assist with that request.", "prompt": "I cannot assist with that request.", "subject": "I cannot assist with that request."}`, "", "{}"} {
			a := &attacker{answer: func(int, string, string) string { return text }}
			v := &victim{reply: func([]string) strategy.Reply { return gives() }}
			err := s.Attack(t.Context(), goal, a, v, strategy.Limits{Turns: 2, Branches: 1, Asks: 50}, 1)
			if !errors.Is(err, strategy.ErrDeclined) || len(v.said) > 0 || len(a.asked) > 4 || !strings.Contains(a.asked[1], "authorised security test") {
				t.Errorf("%s, %q: %v after %d questions, said %q", s.Name, text, err, len(a.asked), v.said)
			}
		}
		first := true
		a := steady()
		answer := a.answer
		a.answer = func(n int, system, prompt string) string {
			if first {
				first = false
				return "I can't do that."
			}
			return answer(n, system, prompt)
		}
		v := &victim{reply: func([]string) strategy.Reply { return gives() }}
		if err := s.Attack(t.Context(), goal, a, v, strategy.Limits{}, 1); err != nil || len(v.said) != 1 {
			t.Errorf("%s: %v, said %q", s.Name, err, v.said)
		}
	}
}

// TestRepeatable checks that the same seed and answers give the same attack.
func TestRepeatable(t *testing.T) {
	t.Parallel()
	for _, s := range strategy.Strategies() {
		run := func(seed uint64) (said, asked []string) {
			a := steady()
			v := &victim{reply: func(memory []string) strategy.Reply {
				return strategy.Reply{Text: "Hm.", Refused: len(memory)%3 == 2}
			}}
			if err := s.Attack(t.Context(), goal, a, v, strategy.Limits{}, seed); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
			return v.said, a.asked
		}
		said, asked := run(5)
		for range 3 {
			if again, asks := run(5); !slices.Equal(said, again) || !slices.Equal(asked, asks) {
				t.Errorf("%s: %q, then %q", s.Name, said, again)
			}
		}
	}
}

// TestEnds checks that a context's end and failures of either side end an attack with their error.
func TestEnds(t *testing.T) {
	t.Parallel()
	for _, s := range strategy.Strategies() {
		ctx, cancel := context.WithCancel(t.Context())
		v := &victim{}
		v.reply = func([]string) strategy.Reply {
			if len(v.said) == 2 {
				cancel()
			}
			return strategy.Reply{Text: "Hm."}
		}
		if err := s.Attack(ctx, goal, steady(), v, strategy.Limits{}, 1); !errors.Is(err, context.Canceled) || len(v.said) != 2 {
			t.Errorf("%s: %v after %d texts", s.Name, err, len(v.said))
		}
		cancel()
		broken := errors.New("no such model")
		if err := s.Attack(t.Context(), goal, failing{broken}, v, strategy.Limits{}, 1); !errors.Is(err, broken) {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Ask(context.Context, string, string) (string, error) { return "", f.err }

// TestRegistry checks what people see of strategies.
func TestRegistry(t *testing.T) {
	t.Parallel()
	all := strategy.Strategies()
	if !slices.IsSortedFunc(all, func(a, b strategy.Strategy) int { return strings.Compare(a.Name, b.Name) }) || len(all) != 5 {
		t.Errorf("%d strategies, by name?", len(all))
	}
	for _, s := range all {
		if s.What == "" || s.Source == "" || s.Attack == nil || s.Usual.Turns < 1 || s.Usual.Branches < 1 || s.Usual.Asks < s.Usual.Turns {
			t.Errorf("%+v", s)
		}
	}
}

// FuzzAttacker gives strategies attackers and victims that write anything: they end, within their limits.
func FuzzAttacker(f *testing.F) {
	f.Add(`{"message":"hello","prompt":"hello"}`, "Hm.", uint64(1))
	f.Add("```\n{\"message\": 'x\n```", "I can't.", uint64(2))
	f.Add("I won't.", "", uint64(3))
	f.Add("{{{{\"a\":", "\xff\xfe>>>", uint64(4))
	f.Add(`{"score":"99999999999999999999","on_topic":"NO","prompt":"p","subject":"%s%d"}`, "x", uint64(5))
	f.Fuzz(func(t *testing.T, said, answered string, seed uint64) {
		for _, s := range strategy.Strategies() {
			a := &attacker{answer: func(int, string, string) string { return said }}
			v := &victim{reply: func(memory []string) strategy.Reply {
				return strategy.Reply{Text: answered, Refused: (seed>>(len(memory)%64))&1 == 1}
			}}
			err := s.Attack(t.Context(), goal, a, v, strategy.Limits{Turns: 3, Branches: 2, Asks: 20}, seed)
			if err != nil && !errors.Is(err, strategy.ErrDeclined) {
				t.Error(err)
			}
			if len(v.said) > 6 || len(a.asked) > 20 {
				t.Errorf("%s: %d texts, %d questions", s.Name, len(v.said), len(a.asked))
			}
		}
	})
}
