// Package refusal tells whether an answer of a model declines what was asked, in whole or in part, and where it says so.
// It reads words only, in some fifty languages; what providers say beside the text is read by who has it. It is pure and
// its time is bounded.
package refusal
