package watch

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"assay/scanner"
	"assay/traffic"
)

// mostNamed is how many different endpoints, models and tools of an actor are counted.
const mostNamed = 40

// introduce fills in who an actor is.
func (k *known) introduce() {
	kind, name, _ := strings.Cut(string(k.key), ":")
	k.actor.Key, k.actor.Kind, k.actor.Name = k.key, kind, cmp.Or(k.actor.Name, name)
}

// observe takes one exchange into account and returns what is unusual about it.
func (k *known) observe(s *scanner.Sight) []scanner.Alarm {
	alarms := k.profile.Observe(s)
	a := &k.actor
	if !s.At.IsZero() {
		if a.First.IsZero() || s.At.Before(a.First) {
			a.First = s.At
		}
		if s.At.After(a.Last) {
			a.Last = s.At
		}
		a.Hours[s.At.UTC().Hour()]++
	}
	a.Exchanges++
	a.Input += max(s.Input, 0)
	a.Output += max(s.Output, 0)
	if s.Priced {
		a.Cost += max(s.Cost, 0)
	}
	if s.Failed || s.Status >= 400 {
		a.Failed++
	}
	if s.Has(scanner.SignRefusal, 0) {
		a.Refused++
	}
	count(&a.Endpoints, endpointName(s))
	count(&a.Models, s.Model)
	for i, tool := range s.Tools {
		if i == mostNamed {
			break
		}
		count(&a.Tools, tool)
	}
	return alarms
}

// endpointName names an exchange's endpoint for people: "POST host/path", as far as it is known.
func endpointName(s *scanner.Sight) string {
	method, path := "", ""
	if s.Facts != nil {
		method, path = first(s.Facts, "method"), first(s.Facts, "path")
	}
	name := strings.TrimSpace(method + " " + s.Host + path)
	return short(name, 200)
}

func first(f traffic.Facts, field string) string {
	if all := f.Strings(field, ""); len(all) > 0 {
		return all[0]
	}
	return ""
}

// short shortens a name to so many bytes, between characters.
func short(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// count adds to the count of a name. Where there are too many, the one seen least makes room.
func count(of *map[string]int64, name string) {
	if name == "" {
		return
	}
	name = short(name, 200)
	if *of == nil {
		*of = map[string]int64{}
	}
	if _, is := (*of)[name]; !is && len(*of) >= mostNamed {
		least := ""
		for _, n := range slices.Sorted(maps.Keys(*of)) {
			if least == "" || (*of)[n] < (*of)[least] {
				least = n
			}
		}
		delete(*of, least)
	}
	(*of)[name]++
}

// copy is the actor as it is now: what is kept later does not change with the next exchange.
func (k *known) copy() *scanner.Actor {
	a := k.actor
	a.Endpoints, a.Models, a.Tools = maps.Clone(a.Endpoints), maps.Clone(a.Models), maps.Clone(a.Tools)
	a.Baseline = slices.Clone(a.Baseline)
	return &a
}
