// Package keyring keeps small secrets in the keychain of the operating system, or in an encrypted file where there is
// none.
package keyring
