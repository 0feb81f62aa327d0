package detect

import (
	"crypto/sha256"
	"math/big"
	"net/netip"
	"regexp"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// written finds what is recognised by the signs in it: e-mail and web addresses, IP and MAC addresses, dates, wallets.
func (s *subject) written() {
	s.emails()
	s.tokens()
	s.urls()
	if s.least <= Form {
		s.bare()
	}
}

func emailByte(c byte) bool {
	return classOf[c] != other && c < 0x80 || strings.IndexByte(".!#$%&'*+/=?^`{|}~-", c) >= 0
}

func hostByte(c byte) bool { return classOf[c] != other && c != '_' || c == '.' || c == '-' }

// emails grows from every @ (RFC 5321 addresses as people write them).
func (s *subject) emails() {
	text := s.text
	for from := 0; ; {
		at := strings.IndexByte(text[from:], '@')
		if at < 0 {
			return
		}
		at += from
		from = at + 1
		i, j := at, at+1
		for i > 0 && at-i < 64 && emailByte(text[i-1]) {
			i--
		}
		i = localPart(text, i, at)
		for j < len(text) && j-at < 255 && hostByte(text[j]) {
			j++
		}
		for j > at+1 && (text[j-1] == '.' || text[j-1] == '-') {
			j--
		}
		host := text[at+1 : j]
		dot := strings.LastIndexByte(host, '.')
		if i == at || dot < 1 || len(host)-dot < 3 || classOf[host[dot+1]] != letter || text[at-1] == '.' || strings.Contains(host, "..") {
			continue
		}
		sure := Sure
		if !topLevel(host[dot+1:]) {
			sure = Form // code has such: name@agent.tool
		}
		s.add("EMAIL_ADDRESS", i, j, sure)
		from = j
	}
}

// localPart is where the part before the @ begins: signs that are allowed there, and are rather what stands around an
// address, do not belong to it.
func localPart(text string, i, at int) int {
	if cut := strings.LastIndexAny(text[i:at], "=`&?{}|/"); cut >= 0 {
		i += cut + 1
	}
	for i < at && strings.IndexByte(".'+*#!$%^~-", text[i]) >= 0 {
		i++
	}
	return i
}

// topLevel reports whether a name is a top-level domain: one that exists, or one that is used inside of networks and in
// documents.
func topLevel(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "local", "internal", "lan", "corp", "home", "test", "example", "invalid", "intranet", "private":
		return true
	}
	if strings.HasPrefix(name, "xn--") {
		return true
	}
	_, icann := publicsuffix.PublicSuffix("a." + name)
	return icann
}

// tokens looks at runs of what addresses are made of.
func (s *subject) tokens() {
	text := s.text
	for i := 0; i < len(text); {
		if !addressByte(text[i]) {
			i++
			continue
		}
		start, dots, colons := i, 0, 0
		for i < len(text) && addressByte(text[i]) {
			switch text[i] {
			case '.':
				dots++
			case ':':
				colons++
			}
			i++
		}
		if dots < 2 && colons < 2 || i-start > 60 {
			continue
		}
		if start > 0 && classOf[text[start-1]] != other || i < len(text) && classOf[text[i]] != other {
			continue
		}
		s.address(start, i, colons)
	}
}

func addressByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == ':' || c == '.'
}

var mac = whole(`(?i)[0-9a-f]{2}(?::[0-9a-f]{2}){5}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}`)

func (s *subject) address(start, end, colons int) {
	for end > start && (s.text[end-1] == '.' || s.text[end-1] == ':' && !strings.HasSuffix(s.text[start:end], "::")) {
		end--
	}
	for start < end && (s.text[start] == '.' || s.text[start] == ':' && !strings.HasPrefix(s.text[start:end], "::")) {
		start++
	}
	token := s.text[start:end]
	if mac.MatchString(token) {
		s.add("MAC_ADDRESS", start, end, Sure)
		return
	}
	if host, _, port := strings.Cut(token, ":"); port && colons == 1 { // 10.0.0.1:8080
		end, token = start+len(host), host
	}
	end = prefixLength(s.text, end)
	addr, err := netip.ParseAddr(token)
	if err != nil {
		addr, err = mixedAddr(token)
	}
	if err != nil || len(token) < 7 && addr.Is4() {
		return
	}
	sure := Sure
	switch {
	case addr.Is6() && len(token) < 6, addr.IsLoopback(), addr.IsUnspecified():
		sure = Form // says nothing about anybody
	case addr.Is4() && (s.mentions(start, end, &versionSet) || drawn(s.text, start, end)):
		sure = Form // 1.2.3.4 is also how versions and the coordinates of drawings are written
	}
	s.add("IP_ADDRESS", start, end, sure)
}

// drawn reports whether an address stands among the numbers of a drawing, as in "a.75.75 0 0 1 1.5.75.75 0 0 0".
func drawn(text string, start, end int) bool {
	if start >= 2 && (text[start-1] == ' ' || text[start-1] == '-') && (text[start-2] == '0' || text[start-2] == '1') && (start == 2 || classOf[text[start-3]] == other) {
		return true
	}
	if start >= 2 && text[start-1] == '-' && classOf[text[start-2]] != other {
		return true // linux-5.15.146.1
	}
	return end+2 < len(text) && text[end] == ' ' && (text[end+1] == '0' || text[end+1] == '1') && text[end+2] == ' '
}

// prefixLength includes the length of a prefix, as in 10.0.0.0/8.
func prefixLength(text string, end int) int {
	if end+1 >= len(text) || text[end] != '/' || classOf[text[end+1]] != number {
		return end
	}
	j := end + 1
	for j < len(text) && classOf[text[j]] == number {
		j++
	}
	if j-end > 4 || j < len(text) && (classOf[text[j]] != other || text[j] == '/') {
		return end
	}
	return j
}

var versionSet = wordsOf(versionWords)

var versionWords = []string{"version", "release", "build", "user-agent", "chrome/", "ver"}

// mixedAddr reads IPv6 addresses that end in IPv4 with too few groups before it, as people write them.
func mixedAddr(token string) (netip.Addr, error) {
	at := strings.LastIndexByte(token, ':')
	four, err := netip.ParseAddr(token[at+1:])
	if err != nil || at < 0 || !four.Is4() {
		return netip.Addr{}, errNoAddress
	}
	b := four.As4()
	const hex = "0123456789abcdef"
	group := func(x, y byte) string { return string([]byte{hex[x>>4], hex[x&15], hex[y>>4], hex[y&15]}) }
	return netip.ParseAddr(token[:at+1] + group(b[0], b[1]) + ":" + group(b[2], b[3]))
}

type noAddress struct{}

func (noAddress) Error() string { return "not an address" }

var errNoAddress error = noAddress{}

// urls grows from every ://.
func (s *subject) urls() {
	text := s.text
	for from := 0; ; {
		at := strings.Index(text[from:], "://")
		if at < 0 {
			return
		}
		at += from
		from = at + 3
		start := at
		for start > 0 && at-start < 6 && classOf[text[start-1]] == letter && text[start-1] < 0x80 {
			start--
		}
		if scheme := strings.ToLower(text[start:at]); scheme != "http" && scheme != "https" {
			continue
		}
		end := from
		for end < len(text) && text[end] > ' ' && strings.IndexByte("\"'<>\\^{|}`", text[end]) < 0 {
			end++
		}
		if end-from >= 3 {
			s.add("URL", start, end, Form)
		}
		from = end
	}
}

// bare finds web addresses without a scheme: they are weak, because names of files and of code look the same.
func (s *subject) bare() {
	for _, m := range domains.FindAllStringIndex(s.text, most(len(s.text))) {
		start, end := m[0], m[1]
		host, _, _ := strings.Cut(s.text[start:end], "/")
		if start > 0 && (strings.IndexByte("@/.-_:", s.text[start-1]) >= 0 || classOf[s.text[start-1]] != other) || end < len(s.text) && s.text[end] == '@' {
			continue
		}
		if !topLevel(host[strings.LastIndexByte(host, '.')+1:]) {
			continue
		}
		sure := Weak
		if strings.HasPrefix(strings.ToLower(host), "www") {
			sure = Form
		}
		s.add("URL", start, end, sure)
	}
}

var domains = regexp.MustCompile(`(?i)[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z]{2,24}\b(?:/[^\s()<>"']*)?`)

// wallets proves long groups that begin as cryptocurrency addresses do.
func (s *subject) wallet(g group) {
	text := s.text[g.start:g.end]
	if (strings.HasPrefix(text, "bc1") || strings.HasPrefix(text, "0x") || text[0] == '1' || text[0] == '3') && wallets.MatchString(text) && proven(text) {
		s.add("CRYPTO", g.start, g.end, Sure)
	}
}

var wallets = whole(`[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71}|0x[0-9a-fA-F]{40}`)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// proven proves a Bitcoin address by its checksum (Base58Check, Bech32); an Ethereum address has its form alone.
func proven(a string) bool {
	switch {
	case strings.HasPrefix(a, "bc1"):
		return bech32(a)
	case strings.HasPrefix(a, "0x"):
		return true
	}
	n := new(big.Int)
	for i := range len(a) {
		n.Add(n.Mul(n, big.NewInt(58)), big.NewInt(int64(strings.IndexByte(base58, a[i]))))
	}
	if n.BitLen() > 200 {
		return false
	}
	var b [25]byte
	n.FillBytes(b[:])
	first := sha256.Sum256(b[:21])
	second := sha256.Sum256(first[:])
	return string(second[:4]) == string(b[21:])
}

// bech32 proves an address of Bitcoin's witness programs (BIP 173, BIP 350).
func bech32(a string) bool {
	const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	sum := uint32(1)
	step := func(v uint32) {
		top := sum >> 25
		sum = (sum&0x1ffffff)<<5 ^ v
		for i, g := range [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for _, v := range [5]uint32{'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31} {
		step(v)
	}
	for i := len("bc1"); i < len(a); i++ {
		step(uint32(strings.IndexByte(charset, a[i]))) //nolint:gosec // the form allows these characters only
	}
	return sum == 1 || sum == 0x2bc830a3
}
