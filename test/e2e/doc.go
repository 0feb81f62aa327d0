// Package e2e holds tests that drive the program as a person would: the built binary records what official SDKs,
// curl, a headless browser and Go clients say to the practice target, and `assay ls` must tell what they received.
//
// It has no code of its own beside the tests. They need node, curl and chromium, and the npm packages of test/sdk:
// `make setup` installs them all.
package e2e
