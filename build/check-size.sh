#!/usr/bin/env bash
# Fails when the scripts that the window loads at start have become too large: they are read before the first paint.
set -euo pipefail
cd "$(dirname "$0")/../frontend/dist"
limit=300000
total=0
for file in $(grep -oE '(src|href)="/assets/[^"]+\.js"' index.html | cut -d'"' -f2); do
  size=$(gzip -9 -c ".$file" | wc -c)
  total=$((total + size))
done
if [ "$total" = 0 ]; then
  echo "no script was found in frontend/dist/index.html" >&2
  exit 1
fi
echo "the scripts at start are $total bytes compressed, of $limit"
[ "$total" -le "$limit" ]
