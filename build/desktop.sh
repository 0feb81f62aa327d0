#!/usr/bin/env bash
# Builds the desktop program, which needs cgo and the system's web view where the system is not Windows.
#   build/desktop.sh FILE LDFLAGS
set -euo pipefail
cd "$(dirname "$0")/.."
file=$1 ldflags=$2
case "$(go env GOOS)" in
  linux)
    if ! pkg-config --exists gtk+-3.0 webkit2gtk-4.1 2>/dev/null; then
      echo "the desktop program is not built: gcc, pkg-config, libgtk-3-dev and libwebkit2gtk-4.1-dev are needed; \`assay serve\` shows the same window" >&2
      exit 0
    fi
    set -x
    CGO_ENABLED=1 go build -trimpath -tags desktop,production,webkit2_41 -ldflags "$ldflags" -o "$file" .
    ;;
  darwin)
    set -x
    CGO_ENABLED=1 CGO_LDFLAGS="-framework UniformTypeIdentifiers" go build -trimpath -tags desktop,production -ldflags "$ldflags" -o "$file" .
    ;;
  windows)
    set -x
    CGO_ENABLED=0 go build -trimpath -tags desktop,production -ldflags "$ldflags -H windowsgui" -o "$file.exe" .
    ;;
esac
