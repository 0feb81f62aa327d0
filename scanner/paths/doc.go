// Package paths learns the path templates of one host from the paths that were requested: /users/17 and /users/4 are
// /users/{id}. Some segments are parameters by their form (numbers, UUIDs, dates, …); others because many siblings stand
// in the same place and were answered alike. A person's decisions (Merge, Split) win over both, and stay.
package paths
