package app

import (
	"crypto/tls"
	"net/url"
	"os"
	"strings"

	"assay/llm"
	"assay/proxy"
)

// RecordOptions say what is recorded, from where and into what. The zero value records everything that reaches
// DefaultListen into the last project used.
type RecordOptions struct {
	Project     string
	Listen      string
	AllowRemote bool

	Scope       []string // decrypt only these hosts; empty decrypts all
	PassThrough []string // never decrypt these
	PassRefused bool     // stop decrypting a host whose client refused our certificate

	UpstreamProxy     string   // URL
	UpstreamCA        string   // PEM file
	InsecureUpstream  bool     // verify nothing
	AcceptCertificate []string // hosts whose certificate is accepted whatever it is
	ClientCerts       []string // HOST=CERT.pem,KEY.pem
	Resolve           []string // HOST=ADDR
	Reverse           string   // URL
	Providers         []string // NAME=URL, more names for reverse mode
	Guard             string   // off, monitor, enforce; empty: as the project has it, which is off unless a person switched it on
}

// config turns options into what the proxy understands, or says which option is wrong.
func (o RecordOptions) config() (proxy.Config, error) {
	c := proxy.Config{Listen: o.Listen, AllowRemote: o.AllowRemote, PassRefused: o.PassRefused}
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	if _, err := guardMode(o.Guard); err != nil {
		return c, err
	}
	var err error
	if c.Scope, err = proxy.NewScope(o.Scope...); err != nil {
		return c, usagef("for example api.example.com, *.example.com, 10.0.0.0/8", "--scope: %v", err)
	}
	for _, host := range o.PassThrough {
		c.Scope.PassThrough(host)
	}
	for _, host := range o.AcceptCertificate {
		c.Scope.AcceptCertificate(host)
	}
	if c.Providers, err = o.providers(); err != nil {
		return c, err
	}
	if o.Reverse != "" {
		if c.Reverse, err = absoluteURL("--reverse", o.Reverse, "http", "https"); err != nil {
			return c, err
		}
	}
	if c.Upstream, err = o.upstream(); err != nil {
		return c, err
	}
	return c, nil
}

func (o RecordOptions) upstream() (proxy.Upstream, error) {
	u := proxy.Upstream{Insecure: o.InsecureUpstream}
	var err error
	if o.UpstreamProxy != "" {
		if u.Proxy, err = absoluteURL("--upstream-proxy", o.UpstreamProxy, "http", "https", "socks5", "socks5h"); err != nil {
			return u, err
		}
	}
	if o.UpstreamCA != "" {
		if u.Roots, err = os.ReadFile(o.UpstreamCA); err != nil {
			return u, &Error{Code: CodeInput, Message: "cannot read --upstream-ca", Err: err}
		}
	}
	for _, pair := range o.Resolve {
		host, addr, ok := strings.Cut(pair, "=")
		if !ok || host == "" || addr == "" {
			return u, usagef("--resolve api.example.com=127.0.0.1:9443", "--resolve %q is not HOST=ADDR", pair)
		}
		if u.Hosts == nil {
			u.Hosts = map[string]string{}
		}
		u.Hosts[strings.ToLower(host)] = addr
	}
	for _, pair := range o.ClientCerts {
		host, cert, err := clientCert(pair)
		if err != nil {
			return u, err
		}
		u.Certificates = append(u.Certificates, proxy.ClientCertificate{Host: host, Certificate: cert})
	}
	return u, nil
}

func clientCert(pair string) (host string, cert tls.Certificate, err error) {
	host, files, ok := strings.Cut(pair, "=")
	certFile, keyFile, both := strings.Cut(files, ",")
	if !ok || !both || host == "" {
		return "", cert, usagef("--client-cert api.example.com=cert.pem,key.pem", "--client-cert %q is not HOST=CERT,KEY", pair)
	}
	if cert, err = tls.LoadX509KeyPair(certFile, keyFile); err != nil {
		return "", cert, &Error{Code: CodeInput, Message: "cannot read the client certificate for " + host, Err: err}
	}
	return strings.ToLower(host), cert, nil
}

func absoluteURL(option, text string, schemes ...string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err == nil && u.Host != "" {
		for _, s := range schemes {
			if u.Scheme == s {
				return u, nil
			}
		}
	}
	return nil, usagef("it must start with "+strings.Join(schemes, "://, ")+"://", "%s %q is not a URL of that kind", option, text)
}

// providers are the base URLs of reverse mode: http://127.0.0.1:PORT/r/NAME/… The catalog's own, and what the person
// adds or replaces.
func (o RecordOptions) providers() (map[string]*url.URL, error) {
	all := map[string]*url.URL{}
	for name, base := range llm.BaseURLs() {
		if u, err := url.Parse(base); err == nil {
			all[name] = u
		}
	}
	for _, pair := range o.Providers {
		name, base, ok := strings.Cut(pair, "=")
		if !ok || name == "" || strings.ContainsAny(name, "/?#") {
			return nil, usagef("--provider gateway=https://llm.example.com/v1", "--provider %q is not NAME=URL", pair)
		}
		u, err := absoluteURL("--provider", base, "http", "https")
		if err != nil {
			return nil, err
		}
		all[name] = u
	}
	return all, nil
}
