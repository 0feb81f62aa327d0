#!/usr/bin/env bash
# Sends the same test cases through assay and through promptfoo from npm, side by side (docs/benchmarks.md, Tests).
# promptfoo is large (1.9 GB): it is installed into the cache of the user once, without running its scripts.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.121.20
peer=${XDG_CACHE_HOME:-$HOME/.cache}/assay/promptfoo-$version
if [ ! -e "$peer/node_modules/.bin/promptfoo" ]; then
	mkdir -p "$peer"
	(cd "$peer" && npm init -y >/dev/null && npm install --no-audit --no-fund --ignore-scripts --loglevel=error "promptfoo@$version")
fi
BENCH_PROMPTFOO="$peer/node_modules/.bin/promptfoo" go run ./test/bench -assay build/bin/assay -only tests
