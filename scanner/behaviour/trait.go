package behaviour

import (
	"math"

	"assay/scanner"
)

// trait is something that a request has or has not, and that is seldom: a sign, a refusal, an endpoint never used before.
type trait int

// The traits.
const (
	firm       trait = iota // a detector is sure of an attack in a text
	faint                   // it has a doubt
	classic                 // an attack on APIs
	leaked                  // something left that should not
	harm                    // a tool call that does harm
	garbled                 // no language, or another topic
	refused                 // the model declined
	denied                  // 401, 403, 407
	missing                 // another 4xx, not 429
	broken                  // 429, 5xx, or no answer
	heavy                   // many times the tokens that are usual
	newPlace                // an endpoint, a model or a program never used before
	newTool                 // a tool never called before
	newTopic                // words never used before
	stepped                 // the number at the end of a path follows the one before
	newPath                 // a path of an API never asked for before
	otherTopic              // words not used until a few days ago
	oddHour                 // an hour of the day in which nothing was ever done
	traits
)

// nature says what is known of a trait before anything was seen, and what is made of it.
type nature struct {
	kind  string  // of the alarm, where there is much of it within an hour
	rate  float64 // share of the requests of a harmless actor
	shape float64 // how alike actors are in it: the first parameter of the beta distribution
	least float64 // how many within an hour are an alarm, at least
	burst float64 // the most that shape may be within an hour: harmless requests come in clusters too
	slow  float64 // the most that it may be over days; 0: it says nothing over days
	most  float64 // what it may add to the risk at most: what is merely unusual is no attack by itself
	what  string  // "a sign of an attack", of one
	many  string  // "signs of attacks"
}

var natures = [traits]nature{
	firm:       {"injection", 0.005, 0.3, 5, 0.35, 3, 30, "a sign of an attack on the model", "requests with a sign of an attack on the model"},
	faint:      {"injection", 0.014, 0.5, 6, 0.4, 3, 30, "a faint sign of an attack on the model", "requests with a faint sign of an attack on the model"},
	classic:    {"injection", 0.001, 0.1, 6, 0.3, 2, 3.5, "a sign of an attack on an API", "requests with a sign of an attack on an API"},
	leaked:     {"injection", 0.0005, 0.2, 3, 0.5, 3, 30, "something left that should not", "answers that let out what they should not"},
	harm:       {"tools", 0.001, 0.2, 3, 0.4, 3, 30, "a tool call that may do harm", "tool calls that may do harm"},
	garbled:    {"topics", 0.015, 0.4, 12, 0.25, 3, 4, "a text of no language, or of another topic", "requests of no language or of another topic"},
	refused:    {"refusals", 0.012, 0.5, 4, 0.6, 3, 30, "the model declined", "requests that the model declined"},
	denied:     {"errors", 0.004, 0.1, 10, 0.12, 1, 6, "access was denied", "requests whose access was denied"},
	missing:    {"errors", 0.006, 0.3, 8, 0.3, 2, 6, "the request made no sense to the server", "requests that made no sense to the server"},
	broken:     {"errors", 0.015, 0.2, 25, 0.1, 0, 0, "no answer", "requests without an answer"},
	heavy:      {"tokens", 0.012, 0.5, 4, 0.35, 0, 0, "many times the usual tokens", "requests of many times the usual tokens"},
	newPlace:   {"endpoints", 0.01, 0.3, 30, 0.3, 1, 4, "an endpoint, a model or a program never used before", "requests to endpoints, to models or with programs never used before"},
	newTool:    {"tools", 0.004, 0.2, 6, 0.3, 1, 4, "a tool never called before", "requests that call tools never called before"},
	newTopic:   {"topics", 0.08, 1, 10, 1.5, 2, 1.5, "words never used before", "requests about something new"},
	stepped:    {"endpoints", 0.03, 0.3, 40, 0.5, 0, 0, "a number that follows the one before", "requests whose number follows the one before"},
	newPath:    {"endpoints", 0.3, 0.8, 80, 5, 0, 0, "a path never asked for before", "requests for paths never asked for before"},
	otherTopic: {"", 0.1, 0.5, 0, 0, 1, 3.5, "words not used until a few days ago", "requests about other things than usual"},
	oddHour:    {"hours", 0.015, 0.5, 0, 0, 2, 6.95, "an hour of the day in which nothing was ever done", "hours of the day in which nothing was ever done"},
}

// level is how sure a sign must be to count as firm, and at all.
const (
	sure  = 0.5
	doubt = 0.1
)

// ofSign returns the trait that a sign is.
func ofSign(s *scanner.Sign) (trait, bool) {
	if s.Score < doubt {
		return 0, false
	}
	switch s.Kind {
	case scanner.SignInjection, scanner.SignHidden, scanner.SignPoisoned:
		if s.Score < sure {
			return faint, true
		}
		return firm, true
	case scanner.SignAttack:
		return classic, true
	case scanner.SignLeak, scanner.SignExfil:
		return leaked, true
	case scanner.SignToolCall:
		return harm, true
	case scanner.SignRefusal:
		return refused, true
	case scanner.SignGibberish, scanner.SignDrift, scanner.SignRepetition:
		return garbled, true
	case scanner.SignSecret, scanner.SignPersonal, scanner.SignOutput: // harmless people send them, and ask for code
	}
	return 0, false
}

// ofStatus returns the trait that an answer's status is.
func ofStatus(s *scanner.Sight) (trait, bool) {
	switch c := s.Status; {
	case c == 401 || c == 403 || c == 407:
		return denied, true
	case s.Failed || c == 429 || c >= 500:
		return broken, true
	case c >= 400:
		return missing, true
	}
	return 0, false
}

// odds is what is usual of a trait: how likely each share is, as a beta distribution.
type odds struct{ a, b float64 }

// priorOdds returns odds of a mean and a shape.
func priorOdds(rate, shape float64) odds { return odds{shape, shape * (1 - rate) / rate} }

// after returns the odds once k of n were seen.
func (o odds) after(k, n float64) odds { return odds{o.a + k, o.b + max(n-k, 0)} }

// capped makes odds vaguer: harmless requests come in clusters, however well their share is known.
func (o odds) capped(shape float64) odds {
	if o.a <= shape {
		return o
	}
	return odds{shape, o.b * shape / o.a}
}

func (o odds) mean() float64 { return o.a / (o.a + o.b) }

// surprise is how much better k of n is explained by a share of its own than by the odds, as the logarithm of a Bayes
// factor; 0 where the share is no larger than usual.
func (o odds) surprise(k, n float64) float64 {
	n = max(n, k)
	if k <= 0 || k <= n*o.mean() {
		return 0
	}
	own := k * math.Log(k/n)
	if n > k {
		own += (n - k) * math.Log(1-k/n)
	}
	return max(0, own-(logBeta(k+o.a, n-k+o.b)-logBeta(o.a, o.b)))
}

func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}
