// Package launch starts browsers, terminals and commands that already use and trust the proxy, without changing
// anything outside the started process.
package launch
