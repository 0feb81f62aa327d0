// Package sampleapi draws APIs whose endpoints are known, and the traffic they get.
package sampleapi

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"assay/scanner/paths"
)

// Request is one sample whose endpoint is known.
type Request struct {
	paths.Sample
	Truth string
}

var (
	resources = strings.Fields(`users orders invoices products customers teams projects tasks comments posts articles files documents messages
		threads channels repos branches commits releases issues labels events sessions devices sensors readings accounts cards payments refunds
		subscriptions plans coupons carts items reviews ratings categories tags collections playlists tracks albums artists movies episodes
		models deployments agents assistants runs steps batches datasets embeddings indexes vectors chunks prompts evaluations workspaces`)
	parts = strings.Fields(`settings profile history members permissions comments attachments versions metrics logs status preview summary
		owner avatar stats activity notes export archive cancel retry approve publish share`)
	verbs = strings.Fields(`getUser listOrders createInvoice updateProfile search login logout refreshToken sendMessage startJob stopJob
		getStatus uploadFile deleteFile resetPassword verifyEmail checkout quote translate summarize classify complete embed rerank`)
	reports = strings.Fields(`daily weekly monthly yearly`)
	first   = strings.Fields(`alice bob carol dave erin frank grace heidi ivan judy mallory niaj olivia peggy rupert sybil trent victor walter
		yolanda zara amir bianca chen dalia emeka farah goran hana`)
	adjective = strings.Fields(`quiet brave rapid golden silent clever hidden lucky modern gentle amber crimson vivid humble eager`)
	noun      = strings.Fields(`river falcon garden engine harbor meadow lantern summit beacon forest canyon ember orchid pixel cipher`)
)

// values draw the values of a parameter.
var values = map[string]func(r *rand.Rand) string{
	"integer":  func(r *rand.Rand) string { return fmt.Sprint(r.IntN(1_000_000)) },
	"uuid":     func(r *rand.Rand) string { return uuid(r) },
	"objectid": func(r *rand.Rand) string { return draw(r, "0123456789abcdef", 24) },
	"hash":     func(r *rand.Rand) string { return draw(r, "0123456789abcdef", 40) },
	"date": func(r *rand.Rand) string {
		return fmt.Sprintf("20%02d-%02d-%02d", 20+r.IntN(7), 1+r.IntN(12), 1+r.IntN(28))
	},
	"email": func(r *rand.Rand) string { return one(r, first) + "@" + one(r, noun) + ".example" },
	"key": func(r *rand.Rand) string {
		return "cus_" + draw(r, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 14)
	},
	"token": func(r *rand.Rand) string {
		return draw(r, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-", 22)
	},
	"code": func(r *rand.Rand) string { return fmt.Sprintf("ORD-%05d", r.IntN(100_000)) },
	"name": func(r *rand.Rand) string { return one(r, first) },
	"slug": func(r *rand.Rand) string {
		return one(r, adjective) + "-" + one(r, noun) + "-" + one(r, adjective) + "-" + one(r, noun)
	},
	"locale": func(r *rand.Rand) string {
		return one(r, strings.Fields("en-US en-GB de-DE fr-FR es-ES it-IT ja-JP pt-BR"))
	},
}

var kinds = strings.Fields("integer integer integer uuid uuid objectid hash date email key token code name slug slug locale")

func one(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func draw(r *rand.Rand, from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = from[r.IntN(len(from))]
	}
	return string(b)
}

func uuid(r *rand.Rand) string {
	h := draw(r, "0123456789abcdef", 32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// New draws an API and the traffic it gets. Calls with generators of the same state draw the same.
func New(r *rand.Rand) []Request {
	var all []Request
	prefix := one(r, []string{"", "/api", "/v1", "/api/v2", "/rest/v1"})
	emit := func(method, template, shape string, fill func() string) {
		for range 3 + r.IntN(30) {
			all = append(all, Request{paths.Sample{Method: method, Path: prefix + fill(), Shape: shape}, method + " " + prefix + template})
		}
	}
	for i, resource := range pickSome(r, resources, 2+r.IntN(8)) {
		kind := one(r, kinds)
		value := func() string { return values[kind](r) }
		base := "/" + resource
		shape := fmt.Sprintf("s%d", i)
		emit("GET", base, shape+"list", func() string { return base })
		if r.IntN(2) == 0 {
			emit("POST", base, shape, func() string { return base })
		}
		emit("GET", base+"/{id}", shape, func() string { return base + "/" + value() })
		if r.IntN(3) == 0 {
			emit("DELETE", base+"/{id}", "", func() string { return base + "/" + value() })
		}
		if r.IntN(4) == 0 {
			emit("GET", base+"/me", shape, func() string { return base + "/me" })
		}
		for _, p := range pickSome(r, parts, r.IntN(4)) {
			emit("GET", base+"/{id}/"+p, shape+p, func() string { return base + "/" + value() + "/" + p })
		}
		if r.IntN(3) == 0 {
			child, inner := one(r, resources), one(r, kinds)
			emit("GET", base+"/{id}/"+child+"/{id2}", shape+child, func() string { return base + "/" + value() + "/" + child + "/" + values[inner](r) })
		}
	}
	if r.IntN(3) == 0 {
		for i, v := range pickSome(r, verbs, 6) {
			emit("POST", "/rpc/"+v, fmt.Sprintf("rpc%d", i), func() string { return "/rpc/" + v })
		}
	}
	if r.IntN(4) == 0 {
		for _, p := range reports {
			emit("GET", "/reports/"+p, "report", func() string { return "/reports/" + p })
		}
	}
	if r.IntN(5) == 0 {
		names := pickSome(r, strings.Fields("gemini-pro gemini-2.5-flash text-embedding-004 gpt-4o-mini claude-opus-4 llama-3.3-70b"), 5)
		for i, v := range []string{"generateContent", "countTokens"} {
			emit("POST", "/models/{id}:"+v, fmt.Sprintf("verb%d", i), func() string { return "/models/" + one(r, names) + ":" + v })
		}
	}
	if r.IntN(4) == 0 {
		emit("GET", "/repos/{o}/{r}", "repo", func() string { return "/repos/" + one(r, first) + "/" + one(r, adjective) + "-" + one(r, noun) })
		emit("GET", "/repos/{o}/{r}/issues", "issues", func() string {
			return "/repos/" + one(r, first) + "/" + one(r, adjective) + "-" + one(r, noun) + "/issues"
		})
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func pickSome(r *rand.Rand, from []string, n int) []string {
	list := append([]string(nil), from...)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(n, len(list))]
}

// Pairs counts pairs of requests that are together in both, in truth only, and in what was learned only. learned is the
// endpoint of each request.
func Pairs(requests []Request, learned []string) (both, truth, wrong float64) {
	cells := map[[2]string]float64{}
	rows, columns := map[string]float64{}, map[string]float64{}
	for i, q := range requests {
		cells[[2]string{q.Truth, learned[i]}]++
		rows[q.Truth]++
		columns[learned[i]]++
	}
	two := func(n float64) float64 { return n * (n - 1) / 2 }
	for _, n := range cells {
		both += two(n)
	}
	for _, n := range rows {
		truth += two(n)
	}
	for _, n := range columns {
		wrong += two(n)
	}
	return both, truth - both, wrong - both
}
