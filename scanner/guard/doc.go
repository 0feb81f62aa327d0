// Package guard carries out policies on traffic that passes: it lets requests and answers through, takes things out of
// them, holds them until a person agrees, or answers in the server's place with an error that the client's SDK understands
// and does not retry. It plugs into the proxy's seam (proxy.Guard). Nothing is held up where no policy could match.
package guard
