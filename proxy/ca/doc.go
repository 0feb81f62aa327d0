// Package ca makes and keeps the certificate authority of this installation, mints leaves for the names clients ask
// for, exports the root, and adds it to or removes it from the trust stores of the operating system and of browsers.
package ca
