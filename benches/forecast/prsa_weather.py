"""Weather of the PRSA Beijing stations as files of further predictors; called by weather.sh.

    python3 prsa_weather.py FOLDER OBSERVED.csv PERFECT.csv

OBSERVED holds the hourly weather as it was seen. PERFECT holds, as a forecast issued at 19:00 of each day, what the
weather of the next seven days turned out to be, six-hourly: what no forecast can better, and none reaches.
"""

import csv
import datetime
import gzip
import math
import sys
from pathlib import Path

ANGLE = {name: 22.5 * n for n, name in enumerate(
    "N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split())}


def weather(row):
    """Name and value of what a row of the table says; missing ones are left out."""
    number = {name: float(row[name]) for name in ("TEMP", "PRES", "DEWP", "WSPM") if row[name] not in ("", "NA")}
    if "TEMP" in number and "DEWP" in number:
        yield "dew point depression", number["TEMP"] - number["DEWP"]
    for name, column in (("temperature", "TEMP"), ("pressure", "PRES")):
        if column in number:
            yield name, number[column]
    if "WSPM" in number and row["wd"] in ANGLE:
        angle, speed = math.radians(ANGLE[row["wd"]]), number["WSPM"]
        yield "wind u", -speed * math.sin(angle)
        yield "wind v", -speed * math.cos(angle)
        yield "wind speed, log", math.log1p(speed)


def text(hour):
    return hour.isoformat() + "+08:00"


folder, observed, perfect = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
with open(observed, "w", newline="") as seen, open(perfect, "w", newline="") as told:
    seen, told = csv.writer(seen), csv.writer(told)
    seen.writerow(["city", "time", "name", "value"])
    told.writerow(["city", "time", "name", "value", "issued"])
    for path in sorted(folder.glob("PRSA_Data_*.csv.gz")):
        with gzip.open(path, "rt") as table:
            for row in csv.DictReader(table):
                # The hour of the table is read as the end of its hour, as `import` reads it; midnight ends its day.
                end = datetime.datetime(*(int(row[name]) for name in ("year", "month", "day", "hour")))
                day = (end - datetime.timedelta(hours=1)).replace(hour=19)
                # As the importer names it.
                site = "prsa-" + row["station"]
                for name, value in weather(row):
                    seen.writerow([site, text(end), name, f"{value:.3f}"])
                    if end.hour % 6 == 0:
                        for ahead in range(1, 8):
                            issued = day - datetime.timedelta(days=ahead)
                            told.writerow([site, text(end), f"{name} ahead", f"{value:.3f}", text(issued)])
