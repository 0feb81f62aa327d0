package traffic

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"strings"
	"time"
)

// ReadBurp yields the items of an XML file saved by Burp Suite ("Save items"), with requests and responses in base64
// or in plain text. Errors are of type *ImportError or come from r.
func ReadBurp(r io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		meter := &meteredReader{r: r}
		b := &burpReader{meter: meter, xml: xml.NewDecoder(meter)}
		for {
			record, err := b.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(record, err) || b.broken {
				return
			}
		}
	}
}

// meteredReader ends when more is read than one record may hold.
type meteredReader struct {
	r    io.Reader
	used int
}

var errRecordTooLarge = errors.New("record too large")

func (m *meteredReader) Read(p []byte) (int, error) {
	if m.used > MaxRecordBytes {
		return 0, errRecordTooLarge
	}
	n, err := m.r.Read(p)
	m.used += n
	return n, err
}

type burpReader struct {
	meter  *meteredReader
	xml    *xml.Decoder
	entry  int
	root   bool
	broken bool
}

type burpItem struct {
	Time string `xml:"time"`
	URL  string `xml:"url"`
	Host struct {
		Name string `xml:",chardata"`
		IP   string `xml:"ip,attr"`
	} `xml:"host"`
	Port     string      `xml:"port"`
	Protocol string      `xml:"protocol"`
	Method   string      `xml:"method"`
	Request  burpMessage `xml:"request"`
	Status   string      `xml:"status"`
	Response burpMessage `xml:"response"`
	Comment  string      `xml:"comment"`
	Colour   string      `xml:"color"`
}

type burpMessage struct {
	Base64 bool   `xml:"base64,attr"`
	Data   string `xml:",chardata"`
}

func (b *burpReader) fail(format string, args ...any) *ImportError {
	line, _ := b.xml.InputPos()
	return &ImportError{Format: "Burp", Entry: b.entry, Offset: b.xml.InputOffset(), Line: int64(line), Message: fmt.Sprintf(format, args...)}
}

// next returns the next item, or io.EOF after the last.
func (b *burpReader) next() (*Record, error) {
	for {
		token, err := b.xml.Token()
		if errors.Is(err, io.EOF) && b.root {
			return nil, io.EOF
		}
		if err != nil {
			return nil, b.failXML(err)
		}
		start, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case !b.root && start.Name.Local != "items":
			b.broken = true
			return nil, b.fail("the file begins with <%s>; a file of Burp's items begins with <items>", shortened(start.Name.Local))
		case !b.root:
			b.root = true
		case start.Name.Local == "item":
			b.entry++
			b.meter.used = 0
			begin := b.fail("")
			var item burpItem
			if err := b.xml.DecodeElement(&item, &start); err != nil {
				return nil, b.failXML(err)
			}
			record, err := item.record()
			if err != nil {
				begin.Message = err.Error()
				return nil, begin
			}
			return record, nil
		default:
			if err := b.xml.Skip(); err != nil {
				return nil, b.failXML(err)
			}
		}
	}
}

func (b *burpReader) failXML(err error) error {
	b.broken = true
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errRecordTooLarge):
		return b.fail("the item is larger than %d MiB", MaxRecordBytes>>20)
	case errors.Is(err, io.EOF), errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"):
		return b.fail("the file ends too early")
	case errors.As(err, &syntax) && (strings.Contains(syntax.Msg, "illegal character") || strings.Contains(syntax.Msg, "invalid UTF-8")):
		return b.fail("a body is not text, which XML cannot hold; save the items again with \"Base64-encode requests and responses\"")
	case errors.As(err, &syntax):
		return b.fail("not valid XML: %s", syntax.Msg)
	default:
		return fmt.Errorf("read Burp: %w", err)
	}
}

func (m burpMessage) bytes() ([]byte, error) {
	if !m.Base64 {
		return []byte(m.Data), nil
	}
	return decodeBase64(strings.TrimSpace(m.Data))
}

func (i *burpItem) record() (*Record, error) {
	raw, err := i.Request.bytes()
	if err != nil {
		return nil, fmt.Errorf("the request is not base64: %w", err)
	}
	r := &Record{Note: i.Comment, Colour: colour(i.Colour)}
	parts := SplitURL(i.URL)
	parts.Scheme, parts.Host, parts.Port = cmp.Or(i.Protocol, parts.Scheme), cmp.Or(i.Host.Name, parts.Host), cmp.Or(i.Port, parts.Port)
	origin := ""
	if parts.Scheme != "" && parts.Host != "" {
		origin = parts.Scheme + "://" + parts.Authority()
	}
	if r.Request, err = ParseRawRequest(raw, origin); err != nil {
		return nil, err
	}
	if i.Host.IP != "" {
		r.Server.Addr = net.JoinHostPort(i.Host.IP, SplitURL(r.Request.URL).Port)
	}
	if raw, err = i.Response.bytes(); err != nil {
		return nil, fmt.Errorf("the response is not base64: %w", err)
	}
	if len(raw) > 0 {
		p, err := ParseRawResponse(raw)
		if err != nil {
			return nil, err
		}
		r.Response = &p
	}
	r.Started, _ = time.Parse(time.UnixDate, i.Time) // Java's Date.toString
	if i.Time != "" {
		at, _ := json.Marshal(i.Time) // the name of the time zone is not always known here
		r.Origin = (&importOrigin{Format: "burp", Source: map[string]json.RawMessage{"time": at}}).bytes()
	}
	r.settle()
	return r, nil
}
