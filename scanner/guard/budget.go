package guard

import (
	"sync"
	"time"

	"assay/scanner"
)

// Bounds of what budgets remember.
const (
	slots    = 60    // a budget's time is counted in so many pieces
	mostKeys = 10000 // of one policy; then those not heard of for longest are forgotten
)

// books are what budgets have counted.
type books struct {
	mu sync.Mutex
	of map[bookKey]*book
}

// bookKey tells policies apart; a policy that was changed begins anew.
type bookKey struct {
	id   scanner.PolicyID
	name string
	by   scanner.Allowance
}

// book is one policy's counts.
type book struct{ accounts map[string]*account }

// account is what one of Per has used, by the piece of time.
type account struct {
	used [slots]float64
	last int64 // the piece of time of the latest entry
}

func newBooks() *books { return &books{of: map[bookKey]*book{}} }

func keyOf(c *policy) bookKey { return bookKey{c.ID, c.Name, *c.Budget} }

// keep forgets the counts of policies that are no more.
func (b *books) keep(policies []*policy) {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := map[bookKey]*book{}
	for _, c := range policies {
		if c.Budget == nil {
			continue
		}
		key := keyOf(c)
		if next[key] = b.of[key]; next[key] == nil {
			next[key] = &book{accounts: map[string]*account{}}
		}
	}
	b.of = next
}

// piece is the length of the pieces of time of a budget.
func piece(a *scanner.Allowance) time.Duration { return max(time.Duration(a.Within)/slots, 1) }

// slot is where a piece of time is counted.
func slot(piece int64) int { return int((piece%slots + slots) % slots) }

// account finds or opens an account, and forgets what is older than the budget's time. It needs the lock.
func (b *books) account(c *policy, who string, now int64) *account {
	book := b.of[keyOf(c)]
	if book == nil { // the policies were changed meanwhile
		return &account{last: now}
	}
	a := book.accounts[who]
	if a == nil {
		if len(book.accounts) >= mostKeys {
			book.forget(now)
		}
		a = &account{last: now}
		book.accounts[who] = a
	}
	if now-a.last >= slots {
		a.used, a.last = [slots]float64{}, now
	}
	for ; a.last < now; a.last++ {
		a.used[slot(a.last+1)] = 0
	}
	return a
}

// forget drops accounts that have nothing left, and else the one not heard of for longest.
func (b *book) forget(now int64) {
	oldest, since := "", int64(1<<62)
	for who, a := range b.accounts {
		if now-a.last >= slots {
			delete(b.accounts, who)
		} else if a.last < since {
			oldest, since = who, a.last
		}
	}
	if len(b.accounts) >= mostKeys {
		delete(b.accounts, oldest)
	}
}

// ask reports whether one more request is within the allowance, and counts it if it is; wait is how long it takes until
// one would be.
func (b *books) ask(c *policy, who string, at time.Time) (ok bool, wait time.Duration) {
	long := piece(c.Budget)
	now := at.UnixNano() / int64(long)
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.account(c, who, now)
	sum := 0.0
	for _, n := range a.used {
		sum += n
	}
	room := c.Budget.Most
	if c.Budget.Of == "requests" {
		room-- // for this one
	}
	counts := c.Budget.Of == "requests"
	if counts && sum <= room || !counts && sum < c.Budget.Most {
		if counts {
			a.used[slot(now)]++
		}
		return true, 0
	}
	for i := int64(1); i <= slots; i++ { // the oldest pieces go first
		if sum -= a.used[slot(now+i)]; sum <= room {
			wait = time.Duration((now+i)*int64(long) - at.UnixNano())
			return false, wait
		}
	}
	return false, time.Duration(c.Budget.Within)
}

// spend counts what an answer has used.
func (b *books) spend(c *policy, who string, at time.Time, amount float64) {
	now := at.UnixNano() / int64(piece(c.Budget))
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.account(c, who, now)
	a.used[slot(now)] += amount
}
