package template

import "assay/scanner"

// Problem is one thing that is wrong in a file.
type Problem = scanner.Problem
