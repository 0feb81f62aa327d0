package target

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// Local is a service that answers on this machine.
type Local struct {
	Provider string   `json:"provider"` // the preset that reaches it
	URL      string   `json:"url"`
	Models   []string `json:"models"`
}

// LocalPort is where a service listens unless told otherwise.
type LocalPort struct {
	Provider string
	Port     int
}

// LocalPorts are the usual ports of servers that people run themselves.
var LocalPorts = []LocalPort{
	{"ollama", 11434},
	{"lmstudio", 1234},
	{"vllm", 8000},   // also others that speak OpenAI's API
	{"openai", 8080}, // llama.cpp, LocalAI
	{"openai", 4000}, // LiteLLM
	{"openai", 1337}, // Jan
}

// localPatience is how long a server on this machine may take to list its models.
const localPatience = 2 * time.Second

// FindLocal asks the ports on this machine for a list of models and gives those that have one, in the order of the
// ports. Nothing but the list is asked for, and no key is sent.
func FindLocal(ctx context.Context, ports []LocalPort) []Local {
	found := make([]*Local, len(ports))
	var all sync.WaitGroup
	for i, p := range ports {
		all.Go(func() { found[i] = askLocal(ctx, p) })
	}
	all.Wait()
	list := []Local{}
	for _, l := range found {
		if l != nil {
			list = append(list, *l)
		}
	}
	return list
}

func askLocal(ctx context.Context, p LocalPort) *Local {
	address := "http://127.0.0.1:" + strconv.Itoa(p.Port)
	m, err := Build(&Draft{Provider: p.Provider, URL: address, Model: "any"})
	if err != nil {
		return nil
	}
	t, err := New(m, Options{Patience: localPatience, Most: 1 << 20})
	if err != nil {
		return nil
	}
	defer t.Close()
	names, err := t.Models(ctx)
	if err != nil || len(names) == 0 {
		return nil
	}
	return &Local{Provider: p.Provider, URL: address, Models: names}
}
