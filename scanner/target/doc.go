// Package target reaches what is to be tested: a model that a person imported, or a recorded request. It knows the
// providers' presets, puts a prompt into its slot and leaves every other byte alone, signs, sends, reads the answer, and
// says in one sentence why there was none.
//
// Nothing is sent but to the address of the model: no proxy of the environment is used, no redirect is followed.
package target
