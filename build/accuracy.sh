#!/usr/bin/env bash
# Prints how right and how fast discovery is, each figure below the command that repeats it. The recordings are no part
# of the repository: where ../shared/data is missing, that is said instead. ASSAY_MISSES=all lists what was wrong.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0

# measure TITLE COMMAND...: runs it and prints what it says without the noise of go test.
measure() {
  echo
  echo "## $1"
  shift
  echo "\$ $(printf '%q ' "$@")"
  "$@" 2>&1 | grep -Ev '^(=== |PASS$|goos:|goarch:|pkg:|cpu:|ok  |\s*$)|^\s*--- (PASS|SKIP)|: (missed|wrong) ' || true
  [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
}

export CGO_ENABLED=0
measure "The program: import, ls, inventory, detect; hosts known and hidden" go test ./test/accuracy -count=1 -v
measure "Every fact of a conversation" go test ./llm -count=1 -v -run '^TestCorpus(Blind)?$'
measure "Personal data and secrets, type by type" go test ./scanner/detect -count=1 -v -run 'Corpus'
measure "Detection, MB/s on one core" go test ./scanner/detect -run '^$' -bench . -benchtime 2s -cpu 1
measure "Attacks on models, source by source" go test ./scanner/injection -count=1 -v -run '^Test(Corpus|Samples|Forms)$'
measure "Attacks on models, MB/s on one core" go test ./scanner/injection -run '^$' -bench . -benchtime 1s -cpu 1
measure "Behaviour: 10,000 actors, 14 days, seeds that nothing was set on" env ASSAY_ACTORS=10000 ASSAY_SEEDS=7001,7002,7003 go test ./test/accuracy -count=1 -v -run '^TestBehaviour$' -timeout 30m
measure "Behaviour, one request" go test ./scanner/behaviour -run '^$' -bench . -benchtime 1s -cpu 1
measure "Signs in recordings of honest programs and in harmless texts" go test ./scanner/watch -count=1 -v -run '^Test(Recordings|Harmless)$'
measure "Gibberish, by what made it" go test ./scanner/prose -count=1 -v -run '^TestCorpus$'
measure "The whole look at an exchange, MB/s on one core" go test ./scanner/watch -run '^$' -bench Look -benchtime 1s -cpu 1
measure "Path templates: pairwise F1 over generated APIs" go test ./scanner/paths -count=1 -v -run 'TestCorpus'
measure "Folding, exchanges/s" go test ./scanner/discover -run '^$' -bench 'Book' -benchtime 2s -cpu 1
measure "100,000 endpoints: filter" go test ./app -run '^$' -bench Catalogue -benchtime 5x
exit $status
