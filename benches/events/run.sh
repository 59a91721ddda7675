#!/usr/bin/env bash
# Commands per second, each committed to disk, on SQLite and PostgreSQL, beside bare one-row commits by the same driver.
# usage: benches/events/run.sh [COMMANDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
. benches/postgres.sh
cargo run --quiet --release -p qingkong-store --example commands -- "${1:-1000}" "$PG"
