#!/bin/sh
# Copies the pictures of README.md and docs/window.md out of build/screens, made smaller: run `make screens` first.
# Needs ImageMagick.
set -eu
cd "$(dirname "$0")/.."
mkdir -p docs/screens
for picture in setup-light traffic-open-dark exchange-stream-dark diff-text-light repeater-agreement-dark filter-suggestions-light \
	inventory-endpoints-dark tests-run-dark home-dark; do
	convert "build/screens/$picture.png" -strip -dither None -colors 128 -define png:compression-level=9 "PNG8:docs/screens/$picture.png"
done
ls -l docs/screens
