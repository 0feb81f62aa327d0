// Package reporttest makes the report that tests of writers write: one of a bank's assistant with everything that a report
// can tell, and ones with hostile texts in every field. It is for tests; the program never makes these.
package reporttest
