// Package scanner holds the nouns of discovery and testing: what the inventory is made of, and later what a test is.
// It has no behaviour beyond its words: discover fills an inventory, storage keeps it, app shows it.
package scanner
