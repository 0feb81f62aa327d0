package storage

import (
	"strings"

	"assay/scanner"
	"assay/traffic"
)

func (s *sealer) replacer(secrets []string) *strings.Replacer { return strings.NewReplacer() }

func (s *sealer) trial(t *scanner.Trial, secrets []string) *scanner.Trial {
	c := *t
	return &c
}

func (s *sealer) tested(r *traffic.Record, secrets []string) *traffic.Record {
	c := *r
	c.Source = traffic.SourceTest
	return &c
}
