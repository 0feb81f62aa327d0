// Command assay is Assay without a window: one static binary for scripts, servers, CI and tests.
package main

func main() {}
