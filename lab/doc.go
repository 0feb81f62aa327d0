// Package lab is the practice target: a loopback server that speaks the wire formats of real providers,
// deterministically and offline.
package lab
