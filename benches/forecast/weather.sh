#!/bin/sh
# What observed weather, and a perfect weather forecast, add to the forecast of the Beijing stations (PRSA data, UCI,
# 2013-2017), leave-one-July–June-year-out, winters. The perfect one is no forecast: it bounds what any can give.
#
#   benches/forecast/weather.sh QINGKONG FOLDER     FOLDER holds PRSA_Data_*.csv.gz
#
# QINGKONG is the built program. Needs python3, 400 MB of disk and about ten minutes of one core.
set -eu
program=$1
folder=$2
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/prsa_weather.py" "$folder" "$work/observed.csv" "$work/perfect.csv"
for form in none observed perfect; do
    case $form in none) extra= ;; *) extra="--extra $work/$form.csv" ;; esac
    for year in ${YEARS:-2013 2014 2015}; do
        next=$((year + 1))
        # $extra is two words or none.
        "$program" forecast hindcast --observations "$folder"/PRSA_Data_*.csv.gz $extra --members "${MEMBERS:-200}" \
            --train-exclude-from "$year-07-01" --train-exclude-to "$next-06-30" \
            --from "$year-10-31" --to "$next-02-27" -o "$work/$form-$year.csv"
    done
    echo "## $form"
    "$program" forecast score --forecast "$work/$form"-*.csv --observations "$folder"/PRSA_Data_*.csv.gz | grep -E '^#|item|year  PM2_5'
done
