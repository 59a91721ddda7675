#!/bin/sh
# The optimiser beside HiGHS and OR-Tools on generated one-scenario instances, and 50 scenarios beside one; one core, CPU time.
#
#   benches/plan/run.sh GENERATOR [SOURCES SEED]…
#
# GENERATOR is a Python program that writes an instance: `GENERATOR N --seed S --scenarios K > FILE` (format qingkong-plan/1).
# Default: 2000 1, 20000 1 to 5, 50000 1. Python packages go into a temporary folder. MIP_SECONDS (120) is the CPU time of the
# mixed-integer solvers, which are run for the first seed only; 0 leaves them out.
set -eu
generator=$1
shift
[ $# -gt 0 ] || set -- 2000 1 20000 1 20000 2 20000 3 20000 4 20000 5 50000 1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install numpy highspy==1.16.0 ortools==9.15.6755
cargo build --release -p qingkong-plan --examples
built="${CARGO_TARGET_DIR:-target}/release/examples"
limit=${MIP_SECONDS:-120}
on_one_core() { if command -v taskset > /dev/null; then taskset -c 1 "$@"; else "$@"; fi; }
compare() { on_one_core "$work/venv/bin/python" "$here/compare.py" "$@"; }
while [ $# -gt 1 ]; do
    file="$work/$1-$2.json"
    "$work/venv/bin/python" "$generator" "$1" --seed "$2" > "$file"
    # Alternated, because machines are shared.
    for _ in 1 2 3; do
        compare "$file" highs-lp 600
        on_one_core "$built/solve" "$file" 0
    done
    for seconds in 2 6 10; do on_one_core "$built/solve" "$file" "$seconds"; done
    if [ "$2" = 1 ]; then
        if [ "$limit" != 0 ] && [ "$1" -le 20000 ]; then
            compare "$file" highs-mip "$limit"
            [ "$1" -gt 5000 ] || compare "$file" cp-sat "$limit"
        fi
        "$work/venv/bin/python" "$generator" "$1" --seed "$2" --scenarios 50 > "$file"
        for seconds in 0 2 10; do on_one_core "$built/solve" "$file" "$seconds"; done
    fi
    rm "$file"
    shift 2
done
for scenarios in 1 50; do
    "$work/venv/bin/python" "$generator" 1500 --seed 1 --scenarios "$scenarios" > "$work/explore.json"
    on_one_core "$built/explore" "$work/explore.json"
done
