package window

import (
	"encoding/json"
	"slices"

	"assay/scanner"
	"assay/scanner/discover"
)

// longSchema is how many characters of a schema are shown.
const longSchema = 400_000

// bodies are the sides whose shapes are shown; those of parameters are told as parameters.
var bodies = []discover.Side{
	discover.SideRequest, discover.SideForm, discover.SideParams, discover.SideResponse, discover.SideResult, discover.SideEvent, discover.SideSent,
	discover.SideReceived,
}

// shapes are the schemas of an endpoint's bodies.
func (s *stock) shapes(id scanner.EndpointID) ([]EndpointShape, error) {
	out := []EndpointShape{}
	blob, err := s.store.Shape(s.ctx, id)
	if err != nil || blob == nil {
		return out, err
	}
	all, err := discover.Shapes(blob)
	if err != nil {
		return nil, err
	}
	for _, side := range bodies {
		for _, shape := range all {
			if shape.Side != side {
				continue
			}
			text, err := json.MarshalIndent(shape.Schema.JSON(), "", "  ")
			if err != nil {
				return nil, err
			}
			out = append(out, EndpointShape{Side: string(side), Status: shape.Status, N: shape.N, Schema: clip(string(text), longSchema)})
		}
	}
	return slices.Clip(out), nil
}
