// Package report writes what was found in the formats that others read: SARIF for code scanners, JUnit for CI. It is
// given facts and does no I/O of its own but to the writer it gets.
package report
