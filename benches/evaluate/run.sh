#!/usr/bin/env bash
# A year of thirteen cities, hourly: `qingkong aqi` and `qingkong evaluate` against pandas on the same file.
# usage: benches/evaluate/run.sh [PATH OF THE qingkong BINARY]      (built in release mode when not given)
# PAIRS sets the number of alternating runs (5). Prints CPU seconds, the ratio of medians, and the largest
# difference between the results; fails when there is any.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
work=${BENCH_DIR:-$target/bench-evaluate}
pairs=${PAIRS:-5}
from=2026-03-01 to=2027-02-28
mkdir -p "$work"

if [ ! -x "$work/venv/bin/python" ] || ! "$work/venv/bin/python" -c 'import pandas' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet pandas
fi
program=${1:-}
if [ -z "$program" ]; then
  cargo build --release -p qingkong
  program=$target/release/qingkong
fi
cargo bench --quiet -p qingkong-standards --bench evaluate -- --write "$work/hourly.csv"
echo "input: $(wc -l <"$work/hourly.csv") lines, $(wc -c <"$work/hourly.csv") bytes"

TIMEFORMAT='%U %S'
cpu() { { time "$@" >/dev/null 2>&3; } 3>&2 2>&1 | awk '{ printf "%.3f", $1 + $2 }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

: >"$work/times"
for pair in $(seq "$pairs"); do
  aqi=$(cpu "$program" aqi --period hour "$work/hourly.csv" -o "$work/ours.csv")
  evaluate=$(cpu "$program" evaluate --observations "$work/hourly.csv" --from $from --to $to -o "$work/ours.json")
  pandas=$(cpu "$work/venv/bin/python" benches/evaluate/pandas_evaluate.py \
    "$work/hourly.csv" $from $to "$work/theirs.csv" "$work/theirs.json")
  echo "$aqi $evaluate $pandas" | tee -a "$work/times" |
    awk -v pair="$pair" '{ printf "pair %d  CPU seconds: aqi %.3f + evaluate %.3f = %.3f   pandas %.3f\n", pair, $1, $2, $1 + $2, $3 }'
done
ours=$(awk '{ print $1 + $2 }' "$work/times" | median)
theirs=$(awk '{ print $3 }' "$work/times" | median)
awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "median  qingkong %.3f s, pandas %.3f s CPU, ratio %.1f\n", a, b, b / a }'
cargo bench --quiet -p qingkong-standards --bench evaluate
python3 benches/evaluate/compare.py "$work/ours.csv" "$work/theirs.csv" "$work/ours.json" "$work/theirs.json"
