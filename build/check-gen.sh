#!/usr/bin/env bash
# Fails when a file that is written by a program is not what that program writes today.
set -euo pipefail
cd "$(dirname "$0")/.."
go mod verify >/dev/null
if ! diff=$(go mod tidy -e -diff 2>/dev/null); then
  printf 'go.mod is not tidy: run `go mod tidy -e`\n%s\n' "$diff"
  exit 1
fi
