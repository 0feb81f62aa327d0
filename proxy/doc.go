// Package proxy records HTTP traffic without delaying, altering or breaking it. goproxy owns the port and CONNECT;
// the decrypted connection is served by one net/http.Server (h1 and h2), passed on by httputil.ReverseProxy, and
// tapped at the transport: what travels is copied to a Recorder, never held for it.
//
// A Server also takes SOCKS5, TLS that was redirected to the port, requests in absolute form, and, in reverse mode,
// requests of clients that were given the port as base URL. Hosts out of scope or on the pass-through list are
// tunnelled unread.
//
// What a client speaks is what its server hears: HTTP/1.1 stays HTTP/1.1, HTTP/2 stays HTTP/2. Heads of HTTP/1 keep
// the order and case in which they were sent, on both ways and in the record; HTTP/2 has lower-case names, and
// net/http does not tell their order, so they are recorded sorted. Hop-by-hop fields (Connection, Keep-Alive,
// Proxy-Connection and the like) are recorded but not passed on, and every request goes on as HTTP/1.1 at least.
package proxy
