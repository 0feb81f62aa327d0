package traffic

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"
	"unicode/utf8"
)

// ReadCurl yields the requests of curl command lines, as people write them and browsers copy them (for a POSIX shell,
// for bash with $'…', and for Windows' cmd). Nothing is expanded, read or run: variables stay as they are written, and a
// body that curl would read from a file is marked as missing. Errors are of type *ImportError or come from r.
func ReadCurl(r io.Reader) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		text, err := readDocument(r, "curl")
		if err != nil {
			yield(nil, err)
			return
		}
		commands, err := curlCommands(string(text))
		if err == nil && len(commands) == 0 {
			err = errors.New("there is no command that begins with curl")
		}
		if err != nil {
			yield(nil, &ImportError{Format: "curl", Offset: -1, Message: err.Error()})
			return
		}
		for i, words := range commands {
			records, err := curlRequests(words)
			if err != nil && !yield(nil, &ImportError{Format: "curl", Entry: i + 1, Offset: -1, Message: err.Error()}) {
				return
			}
			for _, record := range records {
				if !yield(record, nil) {
					return
				}
			}
		}
	}
}

// curlCommands returns the words of each curl command, without "curl" itself.
func curlCommands(text string) ([][]string, error) {
	split := shellCommands
	if isWindowsCommand(text) {
		split = windowsCommands
	}
	all, err := split(text)
	var commands [][]string
	for _, words := range all {
		for len(words) > 0 && (words[0] == "$" || words[0] == "%" || words[0] == ">" || strings.Contains(words[0], "=") && words[0][0] != '-') {
			words = words[1:] // a prompt, or a variable set for the command
		}
		if len(words) == 0 {
			continue
		}
		name := words[0][strings.LastIndexAny(words[0], `/\`)+1:]
		if name == "curl" || name == "curl.exe" {
			commands = append(commands, words[1:])
		}
	}
	return commands, err
}

// curlCommand is what the options of one command say.
type curlCommand struct {
	method   string
	urls     []string
	header   Header
	data     []string // pieces of the body, to be joined by &
	json     bool
	raw      bool // data is not a form
	form     [][2]string
	get      bool
	head     bool
	query    []string
	user     string
	proto    string
	missing  string // the file the body would be read from
	problems error
}

// curlArguments are the options of curl that take an argument and say nothing about the request.
var curlArguments = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq(`-o --output -x --proxy -m --max-time --connect-timeout --cacert --capath -E --cert --key --cert-type
		--key-type --pass -w --write-out --retry --retry-delay --retry-max-time --resolve --connect-to -c --cookie-jar -D --dump-header
		--interface --limit-rate --max-redirs --max-filesize --ciphers --tls-max --tls13-ciphers --proxy-user -U --noproxy --dns-servers
		-K --config --stderr --trace --trace-ascii -y -Y --speed-time --speed-limit --keepalive-time --unix-socket --local-port -r --range
		--socks5 --socks5-hostname --socks4 --preproxy --proxy-header --aws-sigv4 --pinnedpubkey --output-dir --create-file-mode -C
		--continue-at -t --telnet-option -z --time-cond --variable --expand-url --rate --parallel-max --doh-url --happy-eyeballs-timeout-ms
		-Q --quote -P --ftp-port --krb --delegation --login-options --mail-from --mail-rcpt --postquote --service-name --crlfile --curves
		--engine --hostpubmd5 --egd-file --random-file --expect100-timeout --alt-svc --hsts --etag-compare --etag-save --proto --proto-default
		--proto-redir --url-file --ssl-sessions --ip-tos --vlan-priority --ipfs-gateway --netrc-file`) {
		names[name] = true
	}
	return names
}()

// curlShort are the one-letter options with an argument, by their long name.
var curlShort = map[byte]string{
	'X': "--request", 'H': "--header", 'd': "--data", 'u': "--user", 'b': "--cookie", 'F': "--form", 'A': "--user-agent",
	'e': "--referer", 'T': "--upload-file",
}

func curlRequests(words []string) ([]*Record, error) {
	var c curlCommand
	for i := 0; i < len(words) && c.problems == nil; i++ {
		word := words[i]
		switch {
		case !strings.HasPrefix(word, "-") || word == "-":
			c.urls = append(c.urls, word)
		case strings.HasPrefix(word, "--"):
			name, value, attached := strings.Cut(word, "=")
			if !attached && curlTakesArgument(name) {
				if i++; i == len(words) {
					return nil, fmt.Errorf("%s is the last word; a value should follow", name)
				}
				value = words[i]
			}
			c.option(name, value)
		default:
			used, err := c.shorts(word[1:], words[i+1:])
			if err != nil {
				return nil, err
			}
			i += used
		}
	}
	if c.problems != nil {
		return nil, c.problems
	}
	if len(c.urls) == 0 {
		return nil, errors.New("the command names no URL")
	}
	var records []*Record
	for _, address := range c.urls {
		r, err := c.record(address)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

// shorts reads the letters of a word such as -sSLd; it reports how many of the following words were arguments.
func (c *curlCommand) shorts(letters string, following []string) (used int, err error) {
	for i := range len(letters) {
		name := curlShort[letters[i]]
		if name == "" && !curlArguments["-"+letters[i:i+1]] {
			c.option("-"+letters[i:i+1], "")
			continue
		}
		value := letters[i+1:]
		if value == "" {
			if len(following) == 0 {
				return 0, fmt.Errorf("-%c is the last word; a value should follow", letters[i])
			}
			value, used = following[0], 1
		}
		if name != "" {
			c.option(name, value)
		}
		return used, nil
	}
	return 0, nil
}

func curlTakesArgument(name string) bool {
	switch name {
	case "--request", "--header", "--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode", "--json", "--user", "--cookie",
		"--form", "--form-string", "--user-agent", "--referer", "--url", "--url-query", "--oauth2-bearer", "--upload-file", "--request-target":
		return true
	}
	return curlArguments[name]
}

func (c *curlCommand) option(name, value string) {
	switch name {
	case "--request":
		c.method = value
	case "--header":
		c.headerLine(value)
	case "--data", "--data-ascii", "--data-binary", "--json":
		if file, ok := strings.CutPrefix(value, "@"); ok {
			c.missing = file
			value = ""
		}
		c.json = c.json || name == "--json"
		c.data = append(c.data, value)
	case "--data-raw":
		c.data = append(c.data, value)
	case "--data-urlencode":
		c.data = append(c.data, c.urlEncoded(value))
	case "--form", "--form-string":
		key, content, _ := strings.Cut(value, "=")
		c.form = append(c.form, [2]string{key, content})
		if name == "--form" && (strings.HasPrefix(content, "@") || strings.HasPrefix(content, "<")) {
			c.missing, _, _ = strings.Cut(content[1:], ";")
		}
	case "--upload-file":
		c.method, c.missing, c.raw = cmp.Or(c.method, "PUT"), value, true
	case "--user":
		c.user = value
	case "--cookie":
		if strings.Contains(value, "=") {
			c.header = append(c.header, Field{"Cookie", value})
		}
	case "--user-agent":
		c.header = append(c.header, Field{"User-Agent", value})
	case "--referer":
		c.header = append(c.header, Field{"Referer", strings.TrimSuffix(value, ";auto")})
	case "--oauth2-bearer":
		c.header = append(c.header, Field{"Authorization", "Bearer " + value})
	case "--compressed":
		c.header = append(c.header, Field{"Accept-Encoding", "deflate, gzip, br, zstd"})
	case "--url":
		c.urls = append(c.urls, value)
	case "--url-query":
		c.query = append(c.query, c.urlEncoded(value))
	case "-G", "--get":
		c.get = true
	case "-I", "--head":
		c.head = true
	case "-0", "--http1.0":
		c.proto = "HTTP/1.0"
	case "--http1.1":
		c.proto = "HTTP/1.1"
	case "--http2", "--http2-prior-knowledge":
		c.proto = "HTTP/2.0"
	}
}

// headerLine reads "Name: value", "Name;" (empty value) and "Name:" (curl leaves its own header out).
func (c *curlCommand) headerLine(line string) {
	name, value, ok := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(line, "@"):
		c.problems = fmt.Errorf("the headers are in the file %q, which is not read; put them into the command", line[1:])
	case !ok && strings.HasSuffix(line, ";"):
		c.header = append(c.header, Field{strings.TrimSuffix(line, ";"), ""})
	case ok && value != "":
		c.header = append(c.header, Field{strings.TrimSpace(name), value})
	}
}

// urlEncoded encodes name=content, =content and content as --data-urlencode does.
func (c *curlCommand) urlEncoded(value string) string {
	i := strings.IndexAny(value, "=@")
	switch {
	case i < 0:
		return url.QueryEscape(value)
	case value[i] == '@':
		c.missing = value[i+1:]
		return value[:i]
	case i == 0:
		return url.QueryEscape(value[1:])
	default:
		return value[:i+1] + url.QueryEscape(value[i+1:])
	}
}

func (c *curlCommand) record(address string) (*Record, error) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	parts := SplitURL(address)
	if parts.Scheme != "http" && parts.Scheme != "https" && parts.Scheme != "ws" && parts.Scheme != "wss" {
		return nil, fmt.Errorf("%q is not an HTTP address", shortened(address))
	}
	r := &Record{}
	q := &r.Request
	q.Header = append(Header{}, c.header...)
	query := c.query
	body := strings.Join(c.data, "&")
	if c.json {
		body = strings.Join(c.data, "")
	}
	if c.get {
		query, body = append(c.data, query...), ""
	}
	q.URL = withQuery(address, parts, query)
	q.Method = c.verb()
	q.Proto = c.proto
	if c.user != "" {
		q.Header = append(q.Header, Field{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(c.user))})
	}
	switch {
	case len(c.form) > 0:
		body = c.multipart(q)
	case c.json:
		q.Header.setDefault("Content-Type", "application/json")
		q.Header.setDefault("Accept", "application/json")
	case len(c.data) > 0 && !c.get:
		q.Header.setDefault("Content-Type", "application/x-www-form-urlencoded")
	}
	if body != "" {
		q.Body = whole([]byte(body))
	}
	if c.missing != "" {
		q.Body.Lost = fmt.Sprintf("curl would read the body from the file %q", strings.ToValidUTF8(c.missing, string(utf8.RuneError)))
	}
	r.settle()
	return r, nil
}

func (c *curlCommand) verb() string {
	switch {
	case c.method != "":
		return c.method
	case c.head:
		return "HEAD"
	case len(c.form) > 0 || len(c.data) > 0 && !c.get:
		return "POST"
	default:
		return "GET"
	}
}

// withQuery adds pieces to the query of an address.
func withQuery(address string, parts URLParts, query []string) string {
	address, _, _ = strings.Cut(address, "#")
	if i := strings.Index(address, "://"); !strings.ContainsAny(address[i+3:], "/?") {
		address += "/"
	}
	if len(query) == 0 {
		return address
	}
	separator := "?"
	if parts.Query != "" || strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + strings.Join(query, "&")
}

// setDefault adds a header line unless one of that name is there.
func (h *Header) setDefault(name, value string) {
	if !h.Has(name) {
		*h = append(*h, Field{name, value})
	}
}

// curlBoundary separates the parts of a form; curl would draw one at random.
const curlBoundary = "------------------------assayimportedform"

func (c *curlCommand) multipart(q *Request) string {
	q.Header.setDefault("Content-Type", "multipart/form-data; boundary="+curlBoundary)
	var b strings.Builder
	for _, field := range c.form {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", curlBoundary, field[0], field[1])
	}
	b.WriteString("--" + curlBoundary + "--\r\n")
	return b.String()
}
