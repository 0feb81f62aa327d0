package template

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// entry is a key of a mapping with its value.
type entry struct {
	Key   string
	Value any
}

// entries are a mapping that is written in this order: a template begins with its id.
type entries []entry

// MarshalYAML implements yaml.Marshaler.
func (list entries) MarshalYAML() (any, error) {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, e := range list {
		var key, value yaml.Node
		key.SetString(e.Key)
		if err := value.Encode(e.Value); err != nil {
			return nil, err
		}
		n.Content = append(n.Content, &key, &value)
	}
	return n, nil
}

// write adds the mapping to what is written already.
func (list entries) write(b *bytes.Buffer) error {
	e := yaml.NewEncoder(b)
	e.SetIndent(2)
	if err := e.Encode(list); err != nil {
		return err
	}
	return e.Close()
}
