// Package detect finds things in text: personal data and secrets. A finding is a Span: what kind of thing, where, and
// how sure. Detectors are pure functions over one text; they know nothing about traffic, hosts or storage.
//
// Personal data is recognised by form and proven, where the form allows, by its own checksum; weak forms count for
// little unless words nearby say what they are (the name a value stands under is such a word: Options.Key). Names,
// addresses and other things that only a language model could tell are not looked for. Secrets are recognised by the
// rules of gitleaks and by ours, each asked only near its keywords. A person adds types of their own with New.
package detect
