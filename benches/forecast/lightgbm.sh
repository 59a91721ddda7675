#!/bin/sh
# Quantile regression by LightGBM (PyPI) on the engine's own predictors, beside the engine: pinball loss and CPU time.
#
#   benches/forecast/lightgbm.sh UNTIL FILE…
#
# Trains both on the issues before the day UNTIL and scores PM2.5 of the winter days after it, leads 1 to 3. Needs
# cargo, python3 with venv, the Python package index, and some minutes of one core. The engine's time is of all six
# pollutants, seven leads and the joint error archive; LightGBM's of fifteen quantile fits of PM2.5 alone.
set -eu
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run --quiet --release -p qingkong-forecast --example matrix -- "$work" "$@" > "$work/seconds"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet lightgbm==4.7.0 numpy==2.4.6
OMP_NUM_THREADS=1 "$work/venv/bin/python" "$here/lightgbm_quantiles.py" "$work" "$1"
