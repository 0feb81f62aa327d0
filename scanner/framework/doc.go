// Package framework holds the lists that weaknesses, tests and reports name the items of: OWASP, MITRE ATLAS, NIST, the EU
// AI Act, ISO/IEC 42001. It is data, with the version of each list, and the mapping from the ids that templates carry to the
// items of the others. docs/frameworks.md says which of the mapping is printed by a publisher and which is ours.
package framework
