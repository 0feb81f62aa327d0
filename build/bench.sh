#!/usr/bin/env bash
# Prints every figure of docs/benchmarks.md anew. Loads run one after the other, each as a process of its own.
#   ASSAY_BENCH_ROWS=1000000 build/bench.sh    the store at full size (takes 10 to 15 minutes more)
set -euo pipefail
cd "$(dirname "$0")/.."

echo "## The recorder, beside the direct path and a peer"
go run ./test/bench -assay build/bin/assay

echo
echo "## The guard, beside the same proxy without it"
go run ./test/bench -assay build/bin/assay -only guard -lasts 10s

echo
echo "## The store"
if [ -z "${ASSAY_BENCH_KEEP:-}" ]; then # what the store's benchmark makes, the list's looks at
	kept=$(mktemp -d)
	trap 'rm -rf "$kept"' EXIT
	export ASSAY_BENCH_KEEP="$kept/million.assay"
fi
go test ./storage -run '^$' -bench . -benchtime 1x -timeout 60m

echo
echo "## The window's list of the same exchanges"
go test ./app/window -run '^$' -bench BenchmarkList -benchtime 5x -timeout 20m

echo
echo "## Reading"
go test ./llm -run '^$' -bench 'Parse' -benchtime 2s
go test ./traffic -run '^$' -bench . -benchtime 1s

echo
echo "## Discover: recording with it and without, for a minute"
go run ./test/bench -assay build/bin/assay -only discover -lasts 60s

echo
echo "## Discover: folding beside only parsing, detection beside gitleaks' way"
go test ./scanner/discover -run '^$' -bench Book -benchtime 4x -cpu 1
go test ./scanner/detect -run '^$' -bench Scan -benchtime 2s -cpu 1

echo
echo "## Discover: 100,000 endpoints, from the file and in the window"
ASSAY_BENCH_ENDPOINTS=100000 go test ./storage -run '^$' -bench 'Inventory/(all|inventory|one)' -benchtime 3x
go test ./app/window -run '^$' -bench BenchmarkInventory -benchtime 5x

echo
echo "## Certificates"
go test ./proxy/ca -run '^$' -bench . -benchtime 1s

echo
echo "## The window: start to first paint, memory of all its processes"
go test ./test/window -run 'TestStart$' -count=1 -v | grep 'first paint'

echo
echo "## The window: first words of a stream, an answer of 5 MB, 200 exchanges a second for a minute, a large project"
go test ./test/window -run Measure -measure -count=1 -parallel 1 -timeout 20m -v | grep -E 'measure_test|FAIL'
