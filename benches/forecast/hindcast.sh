#!/bin/sh
# Leave-one-July–June-year-out hindcast of every winter in the given hourly observations, and its scores.
#
#   benches/forecast/hindcast.sh QINGKONG FILE…
#
# QINGKONG is the built program. Issue days 31 October to 27 February; 200 members. Needs a few hundred MB
# of memory and about a minute of one core for six years of thirteen cities.
set -eu
program=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for year in ${YEARS:-2014 2016 2017 2019 2020 2022}; do
    next=$((year + 1))
    "$program" forecast hindcast --observations "$@" \
        --train-exclude-from "$year-07-01" --train-exclude-to "$next-06-30" \
        --from "$year-10-31" --to "$next-02-27" -o "$work/$year.csv"
done
first=$(ls "$work" | head -n 1)
head -n 1 "$work/$first" > "$work/all"
for table in "$work"/*.csv; do tail -n +2 "$table" >> "$work/all"; done
"$program" forecast score --forecast "$work/all" --observations "$@"
