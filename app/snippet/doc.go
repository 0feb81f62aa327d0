// Package snippet writes a recorded request as a short program that sends it again: with the official SDK of the
// provider where the wire format and the way of giving the key are those of the SDK, and otherwise with requests
// (Python) or fetch (JavaScript).
//
// Everything recorded is hostile. It only ever reaches a program inside string, number and bytes literals that this
// package writes, never as code; invisible characters are escaped, so that what is read is what runs. Credentials are
// read from environment variables unless they are revealed.
package snippet
