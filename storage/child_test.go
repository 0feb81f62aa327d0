package storage_test

func runChild() bool { return false }
