#!/usr/bin/env bash
# Installs what building and testing need and a fresh Debian lacks, and says what else is needed.
#   build/setup.sh        everything `make test` needs
#   build/setup.sh run    only what `make run` needs; goes on without what only the desktop program needs
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-test}

say() { printf 'setup: %s\n' "$*" >&2; }
missing=""

# version_at_least HAVE WANT
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

if ! command -v go >/dev/null; then
  missing="$missing
  Go 1.26 or newer: https://go.dev/dl"
fi
if ! command -v node >/dev/null; then
  missing="$missing
  Node 20.19 or newer, with npm: https://nodejs.org"
elif ! version_at_least "$(node --version | tr -d v)" 20.19; then
  missing="$missing
  Node 20.19 or newer (this is $(node --version)): https://nodejs.org"
fi
if [ -n "$missing" ]; then
  say "these have to be installed by hand first:$missing"
  exit 1
fi

# install PACKAGE... installs those that are lacking.
install() {
  lacking=""
  for p in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)" = installed ] || lacking="$lacking $p"
  done
  [ -n "$lacking" ] || return 0
  say "installing Debian packages:$lacking"
  root=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { say "there is no sudo"; return 1; }
    root="sudo"
  fi
  # shellcheck disable=SC2086
  $root env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null' sh $lacking
}

# What the desktop program is built with.
window="gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev"

if [ "$what" = run ]; then
  # Without a display there is nothing to open; the window is then served to a browser.
  if [ "$(uname)" = Linux ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2086
    install $window || say "the desktop program cannot be built without these; the window is served to a browser instead"
  fi
  exit 0
fi

# The clients that the tests send through the recorder, what drives the window, and what the race detector needs.
packages="$window git curl openssl ca-certificates procps iproute2 zstd chromium chromium-driver firefox-esr libnss3-tools
  xvfb xdotool imagemagick webkit2gtk-driver fonts-dejavu-core fonts-noto-core fonts-noto-color-emoji
  python3 python3-requests python3-httpx python3-aiohttp wget ruby default-jdk-headless
  libwww-perl liblwp-protocol-https-perl php-cli php-curl dbus gnome-keyring poppler-utils qpdf"

if command -v dpkg-query >/dev/null; then
  # shellcheck disable=SC2086
  install $packages
else
  say "not a Debian system: the tests need the equivalents of: $packages"
fi

stamp=test/sdk/node_modules/.assay-setup
if [ -f test/sdk/package-lock.json ] && ! cmp -s test/sdk/package-lock.json "$stamp" 2>/dev/null; then
  say "installing the official SDKs that the tests drive (npm ci in test/sdk)"
  (cd test/sdk && npm ci --no-audit --no-fund --loglevel=error)
  cp test/sdk/package-lock.json "$stamp"
fi
say "everything is there"
