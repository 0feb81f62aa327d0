// Package proxy records HTTP traffic without delaying, altering or breaking it. goproxy owns the port and CONNECT;
// the decrypted connection is served by one net/http.Server (h1 and h2), passed on by httputil.ReverseProxy, and
// tapped at the transport: what travels is copied to a Recorder, never held for it.
package proxy
