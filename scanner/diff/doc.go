// Package diff says how two exchanges differ, on three levels: what they mean (refused or not, which tools were called,
// how many tokens), what they say (word by word), and what their bytes hold (a path of the JSON at a time). What differs
// between any two answers (ids, dates, counts of tokens) is known as noise and left out, and how much was left out is
// said. It also tells how far many answers to the same request agree.
//
// Everything here is pure: it takes what was recorded, which is hostile, and never fails, blocks or panics. What is too
// large to be compared closely is compared more coarsely, and the result says so.
package diff
