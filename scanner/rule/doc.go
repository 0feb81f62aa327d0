// Package rule reads the rules of the watch (templates/rules/*.yaml) and says which of them hold for an exchange: a
// condition over signs, fields and alarms, and where it takes several, a window that counts them.
//
// A rule carries samples that must and must not match; a rule whose samples do not come true is refused when it is read,
// with file, line and column.
package rule
