"""The same work in pandas, as one would write it: hourly AQI of every row, then the evaluation of the year.

usage: pandas_evaluate.py HOURLY.csv FROM TO AQI_OUT.csv EVALUATION_OUT.json
Editions of 2026, limits of the transitional stage. Binary floating point is held off where it would show:
sums are taken on whole numbers (CO in tenths), an index is rounded at nine decimals before it is rounded up
(CO would come out one too high), and so is a figure before it is rounded half to even (88.05 and 6.165 are ties).
"""

import json
import sys
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pandas as pd

ITEMS = ["SO2", "NO2", "CO", "O3", "PM10", "PM2_5"]
LEVELS = [0, 50, 100, 150, 200, 300, 400, 500]
HOUR = {
    "SO2": [0, 150, 500, 650, 800],
    "NO2": [0, 100, 200, 700, 1200, 2340, 3090, 3840],
    "CO": [0, 5, 10, 35, 60, 90, 120, 150],
    "O3": [0, 160, 200, 300, 400, 800, 1000, 1200],
    "PM10": [0, 50, 120, 250, 350, 420, 500, 600],
    "PM2_5": [0, 35, 60, 115, 150, 250, 350, 500],
}
DAY = HOUR | {
    "SO2": [0, 50, 150, 475, 800, 1600, 2100, 2620],
    "NO2": [0, 40, 80, 180, 280, 565, 750, 940],
    "CO": [0, 2, 4, 14, 24, 36, 48, 60],
    "O3": [0, 100, 160, 215, 265, 800],
}
ANNUAL = {"SO2": 60, "NO2": 40, "PM10": 60, "PM2_5": 30}
DAILY = {"SO2": 150, "NO2": 80, "CO": 4, "O3": 160, "PM10": 120, "PM2_5": 60}
PERCENTILE = {"SO2": 98, "NO2": 98, "CO": 95, "O3": 90, "PM10": 95, "PM2_5": 95}
CATEGORY = np.array(["", "优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"])


def rounded(values, item):
    """Whole µg/m³; for CO, which is held in tenths, whole tenths as mg/m³."""
    return np.round(values) / (10 if item == "CO" else 1)


def indices(frame, table):
    """IAQI of each item; concentrations already rounded."""
    out = {}
    for item, points in table.items():
        raw = np.interp(frame[item], points, LEVELS[: len(points)])
        out[item] = np.ceil(np.round(raw, 9))
    return pd.DataFrame(out, index=frame.index)


def overall(iaqi):
    """AQI, published above 100 or when nothing is missing."""
    aqi = iaqi.max(axis=1).clip(lower=1)
    return aqi.where(iaqi.notna().all(axis=1) | (aqi > 100))


def hourly(data, path):
    iaqi = indices(pd.DataFrame({item: rounded(data[item], item) for item in ITEMS}), HOUR)
    aqi = overall(iaqi)
    level = np.digitize(aqi.fillna(-1), [0, 51, 101, 151, 201, 301])
    top = iaqi.eq(aqi, axis=0) & (aqi > 50).to_numpy()[:, None]
    primary = pd.Series("", index=data.index)
    for item in ITEMS:
        mark = np.where(top[item], item, "")
        primary = primary + np.where((primary != "") & (mark != ""), "|", "") + mark
    out = data[["time", "site"]].copy()
    for item in ITEMS:
        out[item] = data[item] / 10 if item == "CO" else data[item]
    for item in ITEMS:
        out[f"iaqi_{item}"] = iaqi[item].astype("Int64")
    out["aqi"] = aqi.astype("Int64")
    out["level"] = pd.Series(level, index=data.index).where(aqi.notna()).astype("Int64")
    out["category"] = CATEGORY[level]
    out["primary"] = primary
    out["standard"] = "HJ 633-2026"
    out.to_csv(path, index=False)


def valid(daily):
    """27 days in each month, 25 in February, 324 in the year."""
    months = daily.notna().groupby([daily.index.year, daily.index.month]).sum()
    needed = np.where(months.index.get_level_values(1) == 2, 25, 27)
    return bool((months >= needed).all() and daily.count() >= 324)


def day_means(group):
    """Daily means of 20 hours; ozone as the largest 8 h mean that ends at 08:00 to 24:00."""
    hours = group.set_index("end")[ITEMS]
    day = (hours.index - pd.Timedelta(hours=1)).floor("D")
    means = hours.groupby(day).mean().where(hours.groupby(day).count() >= 20)
    eight = hours["O3"].rolling(8, min_periods=6).mean()
    label = hours.index - day
    eight = eight[label >= pd.Timedelta(hours=8)]
    ends = day[label >= pd.Timedelta(hours=8)]
    top, count = eight.groupby(ends).max(), eight.groupby(ends).count()
    means["O3"] = top.where((count >= 14) | (top.round() > DAILY["O3"]))
    return means


def half_even(value, decimals):
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(round(float(value), 9))).quantize(step, ROUND_HALF_EVEN))


def statistic(value, item):
    if item == "CO":
        return half_even(value / 10, 1)
    return half_even(value, 1 if item == "PM2_5" else 0)


def area(site, group):
    days = day_means(group)
    iaqi = indices(pd.DataFrame({item: rounded(days[item], item) for item in ITEMS}), DAY)
    aqi = overall(iaqi).dropna()
    pollutants, index = {}, 0.0
    for item in ITEMS:
        values = days[item].dropna()
        ok = valid(days[item])
        mean = statistic(values.mean(), item) if ok else None
        top = statistic(np.percentile(values, PERCENTILE[item]), item) if ok else None
        pollutants[item] = {"mean": mean, "percentile": top, "valid_days": len(values), "valid": ok}
        used, limit = (mean, ANNUAL[item]) if item in ANNUAL else (top, DAILY[item])
        index = index + used / limit if ok and index is not None else None
    good = int((aqi <= 100).sum())
    return {
        "area": str(site),
        "pollutants": pollutants,
        "good_days": good,
        "valid_days": len(aqi),
        "good_ratio": half_even(good / len(aqi), 3),
        "heavy_days": int((aqi > 200).sum()),
        "composite_index": None if index is None else half_even(index, 2),
    }


def main():
    source, first, last, aqi_out, evaluation_out = sys.argv[1:]
    data = pd.read_csv(source, dtype={"site": str})
    data["CO"] = np.rint(data["CO"] * 10)
    hourly(data, aqi_out)
    data["end"] = pd.to_datetime(data["time"].str.slice(0, 19))
    data = data[(data["end"] > first) & (data["end"] <= pd.Timestamp(last) + pd.Timedelta(days=1))]
    areas = [area(site, group) for site, group in data.groupby("site")]
    ranks = pd.Series([one["composite_index"] for one in areas], dtype=float).rank(method="min")
    for one, rank in zip(areas, ranks):
        one["rank"] = None if np.isnan(rank) else int(rank)
    with open(evaluation_out, "w") as file:
        json.dump({"from": first, "to": last, "areas": areas}, file)


main()
