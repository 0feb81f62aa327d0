package app

import (
	"context"
	"errors"
	"iter"
	"slices"

	"assay/scanner"
	"assay/scanner/watch"
	"assay/storage"
	"assay/traffic"
)

// TextCheck is what policies would do with a text: `assay policy check --json` prints it.
type TextCheck struct {
	Role     string   `json:"role"`
	Policies int      `json:"policies"`         // that were asked
	Action   string   `json:"action,omitempty"` // the severest of them; absent where none matches
	Rulings  []Ruling `json:"rulings"`
}

// CheckRoles are the words for who says a text.
var CheckRoles = []string{"user", "assistant", "system", "tool", "document"}

// mostCheckText bounds a text that is checked.
const mostCheckText = 16 << 20

// CheckText says what the policies of a project that are on would do with a text, or those of list where it has any.
func (a *App) CheckText(ctx context.Context, path string, list []Policy, text, role string) (c TextCheck, err error) {
	if role == "" {
		role = CheckRoles[0]
	}
	if !slices.Contains(CheckRoles, role) {
		return c, notOneOf("--role", role, CheckRoles)
	}
	if len(text) > mostCheckText {
		return c, usagef("check it in parts", "the text is larger than %s", Bytes(mostCheckText))
	}
	err = a.read(ctx, path, func(p *Project) error {
		c, err = p.CheckText(ctx, list, text, role)
		return err
	})
	return c, err
}

// CheckText says what policies would do with a text; those of the project that are on where list is empty.
func (p *Project) CheckText(ctx context.Context, list []Policy, text, role string) (c TextCheck, err error) {
	if list, err = p.consulted(ctx, list); err != nil {
		return c, err
	}
	g, err := p.newGuard(ctx, scanner.GuardEnforce, list, nil)
	if err != nil {
		return c, badPolicy(err)
	}
	c = TextCheck{Role: role, Policies: len(list), Rulings: g.CheckText(text, role)}
	if c.Rulings == nil {
		c.Rulings = []Ruling{}
	}
	if worst := Severest(c.Rulings); worst >= 0 {
		c.Action = Actions[worst]
	}
	return c, nil
}

// consulted returns policies as they are asked what they would do: those of the project that are on where list is empty,
// otherwise all of list, numbered so that rulings tell them apart.
func (p *Project) consulted(ctx context.Context, list []Policy) ([]Policy, error) {
	if len(list) > 0 {
		list = slices.Clone(list)
		for i := range list {
			list[i].On = true
		}
		return list, nil
	}
	have, err := p.store.Policies(ctx)
	return slices.DeleteFunc(have, func(one Policy) bool { return !one.On }), err
}

// Preview says what policies would have done with the recorded traffic that a filter selects, the oldest first; those of
// the project that are on where there are none. Budgets count by the times of the exchanges. Attacks of our own (tests and
// the Repeater) are left out: the guard does not see them either.
func (p *Project) Preview(ctx context.Context, policies []scanner.Policy, filter string) iter.Seq2[scanner.Ruling, error] {
	return func(yield func(scanner.Ruling, error) bool) {
		if err := p.preview(ctx, policies, filter, nil, yield); err != nil {
			yield(scanner.Ruling{}, err)
		}
	}
}

// preview replays traffic. each, unless nil, is told how many exchanges were looked at so far.
func (p *Project) preview(ctx context.Context, policies []scanner.Policy, filter string, each func(n int64), yield func(scanner.Ruling, error) bool) error {
	where, err := parseQuery(filter)
	if err != nil {
		return err
	}
	if policies, err = p.consulted(ctx, policies); err != nil || len(policies) == 0 {
		return err
	}
	g, err := p.newGuard(ctx, scanner.GuardEnforce, policies, nil)
	if err != nil {
		return badPolicy(err)
	}
	rows := storage.Filter{Where: where, OldestFirst: true, Limit: mostBite}
	for n := int64(0); ctx.Err() == nil; {
		list, err := p.store.List(ctx, rows)
		if err != nil || len(list) == 0 {
			return err
		}
		rows.After = list[len(list)-1].ID
		var ids []traffic.ID
		for i := range list {
			if s := list[i].Source; s != traffic.SourceTest && s != traffic.SourceRepeater {
				ids = append(ids, list[i].ID)
			}
		}
		n += int64(len(list))
		more, err := p.replay(ctx, ids, func(s *watch.Seen) bool {
			for _, r := range g.Replay(s) {
				if !yield(r, nil) {
					return false
				}
			}
			return true
		})
		if err != nil || !more {
			return err
		}
		if each != nil {
			each(n)
		}
	}
	return ctx.Err()
}

// replay hands recorded exchanges to look, as far as it wants more.
func (p *Project) replay(ctx context.Context, ids []traffic.ID, look func(*watch.Seen) bool) (more bool, err error) {
	endpoints, err := p.store.Folded(ctx, ids)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		w, err := p.store.Witness(ctx, id)
		if errors.Is(err, storage.ErrNoExchange) {
			continue // deleted meanwhile
		}
		if err != nil {
			return false, err
		}
		s := watch.Seen{
			Exchange: w.Exchange, Conversation: w.Conversation, Request: w.Request, Response: w.Response, Frames: w.Frames, Endpoint: endpoints[id],
		}
		s.Cost, s.Priced = cost(w.Conversation)
		if !look(&s) {
			return false, nil
		}
	}
	return true, nil
}

// PreviewSum is what policies would have done with recorded traffic, counted: the end of `assay policy preview`.
type PreviewSum struct {
	Exchanges int64            `json:"exchanges"` // that were looked at
	Touched   int64            `json:"touched"`   // of them those about which there is a ruling
	Policies  []PreviewPolicy  `json:"policies"`
	Actions   map[string]int64 `json:"actions"` // rulings by action
}

// PreviewPolicy is what one policy would have done.
type PreviewPolicy struct {
	ID      PolicyID `json:"policy,omitempty"` // 0 of one that is not kept
	Name    string   `json:"name"`
	Action  string   `json:"action"`
	Rulings int64    `json:"rulings"`
}

// PreviewPolicies replays the recorded traffic of a project that a filter selects through policies: those of list, or those
// of the project that are on. each is told of every ruling, progress how many exchanges were looked at.
func (a *App) PreviewPolicies(ctx context.Context, path string, list []Policy, filter string, progress func(int64), each func(Ruling) error) (sum PreviewSum, err error) {
	store, err := a.upToDate(ctx, path)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	p := &Project{app: a, store: store}
	if list, err = p.consulted(ctx, list); err != nil {
		return sum, err
	}
	if len(list) == 0 {
		return sum, usagef("`assay policy on ID` switches one on; --policy ID and --file F ask one that is off", "no policy is on")
	}
	if progress == nil {
		progress = func(int64) {}
	}
	return p.PreviewSum(ctx, list, filter, progress, func(r *Ruling) error { return each(*r) })
}

func newPreviewSum(list []Policy) PreviewSum {
	sum := PreviewSum{Policies: make([]PreviewPolicy, 0, len(list)), Actions: map[string]int64{}}
	for i := range list {
		sum.Policies = append(sum.Policies, PreviewPolicy{ID: list[i].ID, Name: list[i].Name, Action: string(list[i].Action)})
	}
	return sum
}

func (s *PreviewSum) add(r *Ruling) {
	s.Actions[string(r.Action)]++
	for i := range s.Policies {
		if one := &s.Policies[i]; one.ID == r.Policy && one.Name == r.Name {
			one.Rulings++
			return
		}
	}
}
