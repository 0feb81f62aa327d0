package storage

import "assay/traffic"

// headVersion is the first byte of an encoded exchange.
const headVersion = 1

// appendHead encodes an exchange without the bytes of its bodies.
func appendHead(b []byte, x *traffic.Exchange) []byte {
	e := &encoder{append(b, headVersion)}
	e.time(x.Started)
	e.str(string(x.Source))
	e.str(string(x.Kind))
	e.str(string(x.State))
	e.client(x.Client)
	e.server(x.Server)
	e.request(x.Request)
	e.bool(x.Response != nil)
	if x.Response != nil {
		e.response(x.Response)
	}
	t := x.Timing
	for _, d := range []int64{int64(t.DNS), int64(t.Connect), int64(t.TLS), int64(t.Sent), int64(t.Head), int64(t.FirstByte), int64(t.Done)} {
		e.int(d)
	}
	e.bool(x.Fault != nil)
	if x.Fault != nil {
		e.str(string(x.Fault.Stage))
		e.str(x.Fault.Reason)
	}
	e.bytes(x.Origin)
	return e.b
}

func (e *encoder) client(c traffic.Client) {
	e.str(c.Addr)
	e.int(int64(c.PID))
	e.str(c.Process)
}

func (e *encoder) server(s traffic.Server) {
	e.str(s.Addr)
	e.bool(s.Reused)
	e.str(s.TLSVersion)
	e.str(s.Cipher)
	e.str(s.ALPN)
	e.str(s.SNI)
	e.str(s.CertSHA256)
	e.str(s.CertIssuer)
	e.uint(uint64(len(s.CertNames)))
	for _, name := range s.CertNames {
		e.str(name)
	}
	e.time(s.CertExpiry)
	e.bool(s.Unverified)
	e.str(s.Via)
}

func (e *encoder) request(r traffic.Request) {
	e.str(r.Method)
	e.str(r.URL)
	e.str(r.Proto)
	e.str(r.Host)
	e.header(r.Header)
	e.header(r.Trailer)
	e.body(r.Body)
}

func (e *encoder) response(r *traffic.Response) {
	e.int(int64(r.Status))
	e.str(r.Reason)
	e.str(r.Proto)
	e.header(r.Header)
	e.header(r.Trailer)
	e.body(r.Body)
	e.uint(uint64(len(r.Informational)))
	for _, i := range r.Informational {
		e.dur(i.At)
		e.int(int64(i.Status))
		e.header(i.Header)
	}
}

func (e *encoder) body(b traffic.Body) {
	e.int(b.Size)
	e.int(b.Kept)
	e.str(b.Lost)
}

// decodeHead reads what appendHead wrote.
func decodeHead(b []byte) (*traffic.Exchange, error) {
	if len(b) == 0 || b[0] != headVersion {
		return nil, errCodec
	}
	d := &decoder{b: b[1:]}
	x := &traffic.Exchange{
		Started: d.time(),
		Source:  traffic.Source(d.str()),
		Kind:    traffic.Kind(d.str()),
		State:   traffic.State(d.str()),
		Client:  traffic.Client{Addr: d.str(), PID: int(d.int()), Process: d.str()},
		Server:  d.server(),
		Request: d.request(),
	}
	if d.bool() {
		x.Response = d.response()
	}
	t := &x.Timing
	t.DNS, t.Connect, t.TLS, t.Sent, t.Head, t.FirstByte, t.Done = d.dur(), d.dur(), d.dur(), d.dur(), d.dur(), d.dur(), d.dur()
	if d.bool() {
		x.Fault = &traffic.Fault{Stage: traffic.Stage(d.str()), Reason: d.str()}
	}
	if o := d.bytes(); len(o) > 0 {
		x.Origin = append([]byte(nil), o...)
	}
	return x, d.err
}

func (d *decoder) server() traffic.Server {
	s := traffic.Server{
		Addr: d.str(), Reused: d.bool(), TLSVersion: d.str(), Cipher: d.str(), ALPN: d.str(), SNI: d.str(),
		CertSHA256: d.str(), CertIssuer: d.str(),
	}
	for range d.count(1) {
		s.CertNames = append(s.CertNames, d.str())
	}
	s.CertExpiry, s.Unverified, s.Via = d.time(), d.bool(), d.str()
	return s
}

func (d *decoder) request() traffic.Request {
	return traffic.Request{
		Method: d.str(), URL: d.str(), Proto: d.str(), Host: d.str(), Header: d.header(), Trailer: d.header(), Body: d.body(),
	}
}

func (d *decoder) response() *traffic.Response {
	r := &traffic.Response{
		Status: int(d.int()), Reason: d.str(), Proto: d.str(), Header: d.header(), Trailer: d.header(), Body: d.body(),
	}
	for range d.count(3) {
		r.Informational = append(r.Informational, traffic.Informational{At: d.dur(), Status: int(d.int()), Header: d.header()})
	}
	return r
}

func (d *decoder) body() traffic.Body {
	return traffic.Body{Size: d.int(), Kept: d.int(), Lost: d.str()}
}
