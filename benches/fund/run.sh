#!/usr/bin/env bash
# `qingkong fund select` against HiGHS (by scipy.optimize.milp) on the same reserves: 20 to 500 candidates.
# usage: benches/fund/run.sh [PATH OF THE qingkong BINARY]      (built in release mode when not given)
# Prints wall seconds of both, one after the other, and the ratio; fails when a score is below what HiGHS found or a
# bound below it.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
work=${BENCH_DIR:-$target/bench-fund}
mkdir -p "$work/reserves"

if [ ! -x "$work/venv/bin/python" ] || ! "$work/venv/bin/python" -c 'import scipy' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet scipy
fi
program=${1:-}
if [ -z "$program" ]; then
  cargo build --release -p qingkong
  program=$target/release/qingkong
fi
cargo bench --quiet -p qingkong-ledger --bench fund -- --write "$work/reserves"
"$work/venv/bin/python" benches/fund/compare.py "$program" "$work/reserves"
