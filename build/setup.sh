#!/usr/bin/env bash
# Installs what building and testing need and a fresh Debian lacks, and says what else is needed.
#   build/setup.sh        everything `make test` needs
#   build/setup.sh run    only what `make run` needs
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
  Node 20 or newer, with npm: https://nodejs.org"
elif ! version_at_least "$(node --version | tr -d v)" 20; then
  missing="$missing
  Node 20 or newer (this is $(node --version)): https://nodejs.org"
fi
if [ -n "$missing" ]; then
  say "these have to be installed by hand first:$missing"
  exit 1
fi

[ "$what" = run ] && exit 0

# The clients that the tests send through the recorder, and what the race detector needs.
packages="gcc libc6-dev git curl openssl ca-certificates procps iproute2 zstd chromium firefox-esr libnss3-tools
  python3 python3-requests python3-httpx python3-aiohttp wget ruby default-jdk-headless
  libwww-perl liblwp-protocol-https-perl php-cli php-curl dbus gnome-keyring"

if command -v dpkg-query >/dev/null; then
  lacking=""
  for p in $packages; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)" = installed ] || lacking="$lacking $p"
  done
  if [ -n "$lacking" ]; then
    say "installing Debian packages:$lacking"
    root=""
    [ "$(id -u)" = 0 ] || root="sudo"
    export DEBIAN_FRONTEND=noninteractive
    $root apt-get update -qq
    # shellcheck disable=SC2086
    $root apt-get install -y -qq --no-install-recommends $lacking >/dev/null
  fi
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
