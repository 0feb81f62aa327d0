// Package judge decides what an answer to an attack means. Signals look for single things in it and show where they are;
// a tree of signals says when the attack did what it set out to do; rules that a person can read turn both into one of
// four verdicts. It is pure: what it is given it does not change, and it sends nothing.
package judge
