package app

import (
	"io"
	"slices"

	"assay/lab/population"
)

// PopulationOptions say which made-up users write the traffic of `assay lab population`.
type PopulationOptions struct {
	Seed   uint64
	Actors int
	Days   int      // at least 10
	Share  float64  // of the actors that attack, 0 to 0.5; 0 is the usual one, less than 0 none
	Kinds  []string // of attacks; none: all, alike
}

// Planted is an attack in the traffic of a population.
type Planted = population.Truth

// PopulationKinds are the kinds of attack that can be planted.
func PopulationKinds() []string {
	var names []string
	for _, kind := range population.Kinds() {
		names = append(names, string(kind))
	}
	return names
}

// Check refuses kinds of attack that there are not.
func (o *PopulationOptions) Check() error {
	known := PopulationKinds()
	for _, kind := range o.Kinds {
		if !slices.Contains(known, kind) {
			return usagef(nearOr(kind, known, "the kinds are "+list(known)), "there is no kind of attack %q", Harmless(kind, 40))
		}
	}
	return nil
}

// WritePopulation writes the exchanges of a population, one JSON object a line, and returns what was planted. The same
// options give the same traffic.
func WritePopulation(w io.Writer, o PopulationOptions) ([]Planted, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	options := population.Options{Seed: o.Seed, Actors: o.Actors, Days: o.Days, Share: o.Share}
	for _, kind := range o.Kinds {
		if options.Mix == nil {
			options.Mix = map[population.Kind]float64{}
		}
		options.Mix[population.Kind(kind)]++
	}
	return population.Write(w, options)
}
