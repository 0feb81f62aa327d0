// Package detect finds things in text: personal data and secrets. A finding is a Span: what kind of thing, where, and
// how sure. Detectors are pure functions over one text; they know nothing about traffic, hosts or storage.
//
// Personal data is recognised by form and proven, where the form allows, by its own checksum; weak forms count for
// little unless words nearby say what they are (a JSON key is such a word). Names, addresses and other things that only
// a language model could tell are not looked for.
package detect
