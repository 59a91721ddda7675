#!/bin/sh
# The optimiser beside HiGHS and OR-Tools on generated one-scenario instances, one core, CPU time.
#
#   benches/plan/run.sh GENERATOR [SOURCES SEED]…
#
# GENERATOR is a Python program that writes an instance: `GENERATOR N --seed S > FILE` (format qingkong-plan/1). Default sizes: 2000 1, 20000 1, 50000 1.
# Python packages go into a temporary folder. MIP_SECONDS (120) is the CPU time of the mixed-integer solvers; 0 leaves them out.
set -eu
generator=$1
shift
[ $# -gt 0 ] || set -- 2000 1 20000 1 50000 1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install numpy highspy==1.16.0 ortools==9.15.6755
cargo build --release -p qingkong-plan --example solve
solve="${CARGO_TARGET_DIR:-target}/release/examples/solve"
limit=${MIP_SECONDS:-120}
while [ $# -gt 1 ]; do
    file="$work/$1-$2.json"
    "$work/venv/bin/python" "$generator" "$1" --seed "$2" > "$file"
    # Alternated, because the machine is shared.
    for round in 1 2 3; do
        "$work/venv/bin/python" "$here/compare.py" "$file" highs-lp 600
        "$solve" "$file" 0
    done
    for seconds in 2 6 10; do "$solve" "$file" "$seconds"; done
    if [ "$limit" != 0 ]; then
        "$work/venv/bin/python" "$here/compare.py" "$file" highs-mip "$limit"
        [ "$1" -gt 5000 ] || "$work/venv/bin/python" "$here/compare.py" "$file" cp-sat "$limit"
    fi
    shift 2
done
