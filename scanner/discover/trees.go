package discover

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"assay/scanner"
	"assay/scanner/paths"
	"assay/scanner/schema"
	"assay/traffic"
)

// Bounds of what is held of paths in memory, and when trees are written.
const (
	maxTreeNodes = 300_000 // of all trees that are loaded
	maxTrees     = 4_096
	smallTree    = 2_000 // nodes; one that changed is written with every batch
	lazyBatches  = 16    // batches between two writings of a large one
	lazyHits     = 256   // requests that change nothing but counts between two writings
)

// host is what is known of the paths of one host.
type host struct {
	name      string
	endpoints map[scanner.EndpointID]*scanner.Endpoint
	full      bool // it was told that there are too many endpoints

	tree      *paths.Tree // nil until it is needed
	settled   int         // Changes when endpoints were last given their templates
	fresh     int         // requests since all siblings were compared
	written   [2]int      // nodes and Changes when the tree was last written
	unwritten int         // requests since
	batches   int         // batches since
	used      int64       // batch that used it last
}

func (h *host) enter(e *scanner.Endpoint) {
	h.endpoints[e.ID] = e
	h.full = h.full || e.Path == overflowPath
}

// trees holds the hosts, and the trees of those that were in use lately.
type trees struct {
	archive   Archive
	hosts     map[string]*host
	decisions map[string][]scanner.Decision
	touched   []*host        // by this batch
	loaded    map[*host]bool // with their trees
	batch     int64
}

func newTrees(inv *scanner.Inventory, archive Archive) *trees {
	t := &trees{archive: archive, hosts: map[string]*host{}, decisions: map[string][]scanner.Decision{}, loaded: map[*host]bool{}, batch: 1}
	for _, d := range inv.Decisions {
		t.decisions[d.Host] = append(t.decisions[d.Host], d)
	}
	return t
}

func (t *trees) knows(name string) bool { return t.hosts[name] != nil }

func (t *trees) host(name string) *host {
	h := t.hosts[name]
	if h == nil {
		h = &host{name: name, endpoints: map[scanner.EndpointID]*scanner.Endpoint{}}
		t.hosts[name] = h
	}
	return h
}

// load returns a host with its tree. A tree that was kept too early, or that cannot be read, learns again what it gave
// out from the endpoints themselves.
func (t *trees) load(name string) (*host, error) {
	h := t.host(name)
	if h.used != t.batch {
		h.used = t.batch
		t.touched = append(t.touched, h)
	}
	if h.tree != nil {
		return h, nil
	}
	h.tree = paths.New()
	t.loaded[h] = true
	if t.archive != nil && len(h.endpoints) > 0 {
		data, err := t.archive.Tree(name)
		if err != nil {
			h.tree = nil
			delete(t.loaded, h)
			return nil, fmt.Errorf("load the paths of %s: %w", name, err)
		}
		if len(data) > 0 && h.tree.UnmarshalBinary(data) != nil {
			h.tree = paths.New()
		}
	}
	h.written = [2]int{h.tree.Nodes(), h.tree.Changes()}
	for _, e := range h.endpoints {
		if templated(e) {
			h.tree.Learned(e.Path)
		}
	}
	for _, d := range t.decisions[name] {
		if d.Merge {
			h.tree.Merge(d.At, d.Names...)
		} else {
			h.tree.Split(d.At, d.Names...)
		}
	}
	h.settled = -1
	return h, nil
}

// templated reports whether the path of an endpoint was learned and can change.
func templated(e *scanner.Endpoint) bool {
	return e.Sample != "" && e.Protocol != scanner.ProtocolGRPC && e.Path != overflowPath
}

// learn adds the path of one request.
func (t *trees) learn(id *identity, shape string) error {
	h, err := t.load(id.key.Host)
	if err != nil {
		return err
	}
	h.tree.Add(paths.Sample{Method: id.key.Method, Path: id.key.Path, Shape: shape, Known: id.known})
	h.fresh++
	h.unwritten++
	return nil
}

func (t *trees) template(name, path string) (string, error) {
	h, err := t.load(name)
	if err != nil {
		return "", err
	}
	return h.tree.Template(path), nil
}

// changed compares all siblings of the hosts of this batch where that is due, and returns those whose templates may be
// others than before.
func (t *trees) changed() (list []*host) {
	for _, h := range t.touched {
		if h.fresh*16 >= h.tree.Nodes() { // comparing costs as much as there are nodes
			h.tree.Settle()
			h.fresh = 0
		}
		if h.tree.Changes() != h.settled {
			h.settled = h.tree.Changes()
			list = append(list, h)
		}
	}
	return list
}

// finish writes the trees that changed, and forgets those that were not used for long when there are too many.
func (t *trees) finish(b *batch) error {
	for _, h := range t.touched {
		h.batches++
		now := [2]int{h.tree.Nodes(), h.tree.Changes()}
		if now != h.written && (now[0] <= smallTree || h.batches >= lazyBatches) || h.unwritten >= max(lazyHits, now[0]/4) {
			if err := h.write(b); err != nil {
				return err
			}
		}
	}
	t.touched = t.touched[:0]
	t.batch++
	return t.evict(b)
}

func (t *trees) evict(b *batch) error {
	nodes, loaded := 0, make([]*host, 0, len(t.loaded))
	for h := range t.loaded {
		nodes += h.tree.Nodes() + 1
		loaded = append(loaded, h)
	}
	if nodes <= maxTreeNodes && len(loaded) <= maxTrees {
		return nil
	}
	slices.SortFunc(loaded, func(a, b *host) int { return cmp.Or(cmp.Compare(a.used, b.used), strings.Compare(a.name, b.name)) })
	for i, h := range loaded {
		if nodes <= maxTreeNodes/2 && len(loaded)-i <= maxTrees/2 {
			break
		}
		if h.unwritten > 0 {
			if err := h.write(b); err != nil {
				return err
			}
		}
		nodes -= h.tree.Nodes() + 1
		h.tree = nil
		delete(t.loaded, h)
	}
	return nil
}

func (h *host) write(b *batch) error {
	data, err := h.tree.MarshalBinary()
	if err != nil {
		return fmt.Errorf("write the paths of %s: %w", h.name, err)
	}
	b.fold.Trees[h.name] = data
	h.written, h.unwritten, h.batches = [2]int{h.tree.Nodes(), h.tree.Changes()}, 0, 0
	return nil
}

// answerShape is a fingerprint of what an answer is made of: the names in a JSON document and the level below, or the
// media type of a picture, sound or file. Empty for errors, pages, and answers that many unlike requests get.
func answerShape(s *Seen, d *schema.Document) string {
	r := s.Exchange.Response
	if r == nil || r.Status < 200 || r.Status > 299 || len(s.Response) == 0 {
		return ""
	}
	mediaType := traffic.MediaType(r.Header.Get("Content-Type"))
	switch kind, _, _ := strings.Cut(mediaType, "/"); kind {
	case "image", "audio", "video", "font":
		return mediaType
	}
	if !mayBeJSON(s.Response) || d.Parse(s.Response) != nil {
		return ""
	}
	sum, names := namesIn(d.Root(), 0)
	if names < 2 {
		return ""
	}
	return fmt.Sprintf("%08x", uint32(sum^sum>>32))
}

const shapeDepth = 2

// namesIn sums up the names of members, in whatever order they come, and counts them. Of an array the first item counts.
func namesIn(v schema.Value, depth int) (sum uint64, names int) {
	for item := range v.Items() {
		sum, names = namesIn(item, depth)
		return sum*31 + 1, names
	}
	for name, member := range v.Members() {
		hash := fnv.New64a()
		_, _ = hash.Write(name.Raw())
		own := hash.Sum64()
		names++
		if depth+1 < shapeDepth {
			below, n := namesIn(member, depth+1)
			own = own*31 + below
			names += n
		}
		sum += own
	}
	return sum, names
}
