#!/usr/bin/env bash
# A million matters of ten thousand organisations: first page and count of a city, a county and the province.
# usage: benches/scope/run.sh [MATTERS]
set -euo pipefail
cd "$(dirname "$0")/../.."
. benches/postgres.sh
file=$(mktemp -d "${TMPDIR:-/tmp}/qingkong-bench-XXXXXX")
echo "SQLite"
cargo run --quiet --release -p qingkong-store --example scoped -- "$file/qingkong.db" "${1:-1000000}"
rm -rf "$file"
echo "PostgreSQL"
cargo run --quiet --release -p qingkong-store --example scoped -- "$PG" "${1:-1000000}"
