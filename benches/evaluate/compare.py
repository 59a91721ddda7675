"""Largest difference between the two results; exit 1 when there is any.

usage: compare.py OURS.csv THEIRS.csv OURS.json THEIRS.json
"""

import csv
import json
import sys

NUMBERS = ["iaqi_SO2", "iaqi_NO2", "iaqi_CO", "iaqi_O3", "iaqi_PM10", "iaqi_PM2_5", "aqi", "level"]
TEXTS = ["time", "site", "category", "primary", "standard"]


def difference(a, b):
    if a in (None, "") or b in (None, ""):
        return 0.0 if (a in (None, "")) == (b in (None, "")) else float("inf")
    return abs(float(a) - float(b))


def rows(ours, theirs):
    worst, count = 0.0, 0
    with open(ours, encoding="utf-8") as a, open(theirs, encoding="utf-8") as b:
        for left, right in zip(csv.DictReader(a), csv.DictReader(b), strict=True):
            worst = max([worst, *(difference(left[name], right[name]) for name in NUMBERS)])
            if any(left[name] != right[name] for name in TEXTS):
                worst = float("inf")
            count += 1
    return worst, count


def areas(ours, theirs):
    worst, count = 0.0, 0
    with open(ours, encoding="utf-8") as a, open(theirs, encoding="utf-8") as b:
        for left, right in zip(json.load(a)["areas"], json.load(b)["areas"], strict=True):
            names = ["good_days", "valid_days", "good_ratio", "heavy_days", "composite_index", "rank"]
            pairs = [(left[name], right[name]) for name in names]
            for item, theirs_item in right["pollutants"].items():
                pairs += [(left["pollutants"][item][name], theirs_item[name]) for name in theirs_item]
            worst = max([worst, *(difference(a, b) for a, b in pairs)])
            count += len(pairs)
    return worst, count


hourly, hours = rows(*sys.argv[1:3])
yearly, figures = areas(*sys.argv[3:5])
print(f"largest difference: hourly rows {hourly:g} ({hours} rows), evaluation {yearly:g} ({figures} figures)")
sys.exit(0 if max(hourly, yearly) == 0 else 1)
