#!/usr/bin/env bash
# Fails when a file that is written by a program is not what that program writes today.
set -euo pipefail
cd "$(dirname "$0")/.."
go mod verify >/dev/null
if ! diff=$(go mod tidy -e -diff 2>/dev/null); then
  printf 'go.mod is not tidy: run `go mod tidy -e`\n%s\n' "$diff"
  exit 1
fi

# The generator writes below the folder it runs in: one of its own, so that nothing here is touched.
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
CGO_ENABLED=0 go build -tags bindings -o "$fresh/generate" .
cp wails.json "$fresh"
mkdir -p "$fresh/frontend/src"
(cd "$fresh" && tsoutputtype=interfaces ./generate >/dev/null)
if ! diff -r "$fresh/frontend/src/wailsjs" frontend/src/wailsjs; then
  echo 'the bindings are stale: run `make bindings`'
  exit 1
fi
