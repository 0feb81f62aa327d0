package discover

import "assay/scanner"

// assets holds models, services, prompts, tools, keys and clients, and the arrows between them.
type assets struct{}

func newAssets(*scanner.Inventory, Archive) *assets { return &assets{} }

// fold adds what an exchange says about assets.
func (a *assets) fold(*Seen, *scanner.Endpoint, *batch, Options) error { return nil }
