#!/bin/sh
# Leave-one-July–June-year-out hindcast of every winter in the given hourly observations, and its scores.
#
#   benches/forecast/hindcast.sh QINGKONG FILE…
#
# QINGKONG is the built program. Issue days 31 October to 23 February, as in the study; 200 members, or MEMBERS=50 for
# its very figures. YEARS="2017" looks at the winter that begins in that year. COURSES=1 keeps the courses too, for the
# joint scores: a gigabyte of disk a winter and fifty members. A winter takes about half a minute of one core, with
# courses a minute.
set -eu
program=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for year in ${YEARS:-2014 2016 2017 2019 2020 2022}; do
    next=$((year + 1))
    "$program" forecast hindcast --observations "$@" \
        --train-exclude-from "$year-07-01" --train-exclude-to "$next-06-30" \
        --from "$year-10-31" --to "$next-02-23" --members "${MEMBERS:-200}" \
        -o "$work/$year.csv" --pairs "$work/$year.pairs" ${COURSES:+--trajectories "$work/$year.courses"}
done
"$program" forecast score --forecast "$work"/*.csv --pairs "$work"/*.pairs --observations "$@" \
    ${COURSES:+--joint-days 5 --trajectories "$work"/*.courses}
