#!/bin/sh
# Prepares data/geo from the packages pinned beside this script. Run once; the result is committed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
"$work/venv/bin/python" "$here/extract.py" "$work/layers"
cp "$here/package.json" "$here/package-lock.json" "$here/topology.mjs" "$work/"
npm --prefix "$work" ci --no-audit --no-fund --silent
node "$work/topology.mjs" "$work/layers" "$here/../../data/geo" "$(date +%F)"
