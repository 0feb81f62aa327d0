#!/bin/sh
# Copies the pictures of README.md and docs/window.md out of build/screens, made smaller: run `make screens` first.
# The sample project has no run: build/screens/tests-run-dark.png is made by hand, and left as it is where it was not.
# Needs ImageMagick.
set -eu
cd "$(dirname "$0")/.."
mkdir -p docs/screens
for picture in setup-light traffic-open-dark exchange-stream-dark diff-text-light repeater-agreement-dark filter-suggestions-light \
	inventory-endpoints-dark tests-run-dark; do
	if [ "$picture" = tests-run-dark ] && ! [ -f "build/screens/$picture.png" ]; then
		echo "build/screens/$picture.png is not there: docs/screens/$picture.png stays as it is" >&2
		continue
	fi
	convert "build/screens/$picture.png" -strip -dither None -colors 128 -define png:compression-level=9 "PNG8:docs/screens/$picture.png"
done
ls -l docs/screens
