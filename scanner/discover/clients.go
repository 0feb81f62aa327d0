package discover

import (
	"strings"

	"assay/scanner"
	"assay/traffic"
)

// maxCallerMemo bounds how many ways to introduce oneself are remembered.
const maxCallerMemo = 4096

// caller is what an exchange tells about the program that sent it.
type caller struct {
	name    string // for people; empty where nothing tells
	key     string // what it is known by: what it says of itself, for the process behind a short connection is not always found
	sdk     string // "openai-python 1.40.0"
	process string
	agent   string // the User-Agent as sent
}

// callerMemo remembers callers by what they were read from: the same few come with every exchange.
type callerMemo map[string]caller

// ClientName is what people call the program that sent an exchange: the application where it says so (Claude Code,
// curl, Firefox), else its process, with the SDK in brackets, else the SDK. It has no version, so that an update is no
// new client. It is empty where nothing tells.
func ClientName(x *traffic.Exchange) string { return readCaller(x).name }

// caller reads who sent an exchange.
func (m callerMemo) caller(x *traffic.Exchange) caller {
	var b strings.Builder
	b.WriteString(x.Client.Process)
	for i := range x.Request.Header {
		f := &x.Request.Header[i]
		if callerHeaders[len(f.Name)] && tellsCaller(f.Name) {
			b.WriteByte('\n')
			b.WriteString(f.Name)
			b.WriteByte(':')
			b.WriteString(f.Value)
		}
	}
	key := b.String()
	if known, ok := m[key]; ok {
		return known
	}
	c := readCaller(x)
	if len(m) >= maxCallerMemo {
		clear(m)
	}
	if len(key) <= 4096 {
		m[strings.Clone(key)] = c
	}
	return c
}

// meetClient counts the program that sent an exchange.
func (a *assets) meetClient(v *sight) {
	v.caller = a.names.caller(v.Exchange)
	c := &v.caller
	if c.name == "" {
		return
	}
	h, fresh := a.meet(v, scanner.AssetClient, c.key)
	if h == nil {
		return
	}
	v.client = h
	if fresh {
		h.Name, h.Host = c.name, ""
		a.line(v, h, scanner.ChangeClient, "info", "A new client: "+c.name, brief(c.agent, 300))
	}
	if h.Name == c.key {
		h.Name = c.name
	}
	if c.sdk != "" {
		h.Facts.SDK = c.sdk
	}
	if c.process != "" {
		h.Facts.Process = c.process
	}
	h.Facts.UserAgents, _ = addName(h.Facts.UserAgents, shortName(c.agent), &h.Facts.Cut)
	h.Facts.Hosts, _ = addName(h.Facts.Hosts, shortName(v.e.Host), &h.Facts.Cut)
}
