#!/usr/bin/env bash
# Builds the window and opens it; where there is no display, or the desktop program cannot be built, serves it to a browser.
set -euo pipefail
cd "$(dirname "$0")/.."
make=${MAKE:-make}
display=yes
[ "$(uname)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || display=no
rm -f build/bin/assay-desktop # an old one is not to be opened for a new one that cannot be built

if [ "$display" = yes ]; then
  "$make" --no-print-directory build
  [ -x build/bin/assay-desktop ] && exec build/bin/assay-desktop
  exec build/bin/assay serve
fi
"$make" --no-print-directory cli
echo "there is no display here: the window is served to a browser" >&2
exec build/bin/assay serve --no-open
