//! The outlines of the cities for CAP, from the boundaries that the maps show.

use crate::{AppState, ServerError, geo};
use ::warn::Area;
use serde::Deserialize;

type Point = (f64, f64);

/// A TopoJSON document, as far as outlines need it.
#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    objects: Objects,
    arcs: Vec<Vec<[f64; 2]>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    cities: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(flatten)]
    shape: Shape,
    properties: Properties,
}

/// Rings of numbers of arcs; a negative one runs backwards.
#[derive(Deserialize)]
#[serde(tag = "type")]
enum Shape {
    Polygon { arcs: Vec<Vec<i64>> },
    MultiPolygon { arcs: Vec<Vec<Vec<i64>>> },
}

#[derive(Deserialize)]
struct Properties {
    code: String,
}

/// The outer rings of the cities. A department's own boundaries that cannot be read give no outline and no refusal: a
/// message names its cities by code as well.
pub(super) async fn areas(state: &AppState) -> Result<Vec<Area>, ServerError> {
    let bytes = geo::boundaries(state, "jiangsu").await?;
    Ok(read(&bytes).unwrap_or_else(|error| {
        tracing::warn!(%error, "the boundaries cannot be read; messages go without outlines");
        Vec::new()
    }))
}

fn read(bytes: &[u8]) -> Result<Vec<Area>, serde_json::Error> {
    let topology: Topology = serde_json::from_slice(bytes)?;
    let arcs: Vec<Vec<Point>> = topology.arcs.iter().map(|arc| topology.transform.line(arc)).collect();
    let area = |geometry: &Geometry| {
        let code = geometry.properties.code.parse().ok()?;
        let outer: Vec<&Vec<i64>> = match &geometry.shape {
            Shape::Polygon { arcs } => arcs.first().into_iter().collect(),
            Shape::MultiPolygon { arcs } => arcs.iter().filter_map(|polygon| polygon.first()).collect(),
        };
        Some(Area { code, rings: outer.into_iter().filter_map(|ring| joined(ring, &arcs)).collect() })
    };
    Ok(topology.objects.cities.geometries.iter().filter_map(area).collect())
}

impl Transform {
    /// Steps of whole numbers become degrees.
    fn line(&self, arc: &[[f64; 2]]) -> Vec<Point> {
        let (mut x, mut y) = (0.0, 0.0);
        let point = |step: &[f64; 2]| {
            (x, y) = (x + step[0], y + step[1]);
            (x * self.scale[0] + self.translate[0], y * self.scale[1] + self.translate[1])
        };
        arc.iter().map(point).collect()
    }
}

/// One ring of several arcs, each beginning where the one before ends; `None` for an arc that is not there.
fn joined(ring: &[i64], arcs: &[Vec<Point>]) -> Option<Vec<Point>> {
    let mut points: Vec<Point> = Vec::new();
    for number in ring {
        let backwards = *number < 0;
        let arc = arcs.get(usize::try_from(if backwards { !*number } else { *number }).ok()?)?;
        let mut part: Vec<Point> = if backwards { arc.iter().rev().copied().collect() } else { arc.clone() };
        if !points.is_empty() && !part.is_empty() {
            part.remove(0);
        }
        points.append(&mut part);
    }
    Some(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_are_joined_forwards_and_backwards_into_closed_rings() {
        let text = r#"{"transform": {"scale": [0.5, 1.0], "translate": [100.0, 30.0]},
            "arcs": [[[0, 0], [2, 0]], [[0, 0], [0, 2], [2, 0], [0, -2]]],
            "objects": {"cities": {"geometries": [
                {"type": "Polygon", "arcs": [[0, -2]], "properties": {"code": "320100"}},
                {"type": "Polygon", "arcs": [[9]], "properties": {"code": "320200"}}]}}}"#;
        let areas = read(text.as_bytes()).unwrap();
        let ring = [(100.0, 30.0), (101.0, 30.0), (101.0, 32.0), (100.0, 32.0), (100.0, 30.0)];
        assert_eq!(areas[0].rings, [ring]);
        assert!(areas[1].rings.is_empty(), "an arc that is not there gives no ring");
    }

    #[test]
    fn the_bundled_boundaries_give_every_city_a_closed_outline_within_the_province() {
        let areas = read(include_bytes!("../../../../data/geo/jiangsu.topo.json")).unwrap();
        assert_eq!(areas.len(), 13);
        for area in areas {
            assert!(!area.rings.is_empty(), "{}", area.code);
            for ring in &area.rings {
                let (first, last) = (ring[0], ring[ring.len() - 1]);
                assert!((first.0 - last.0).abs() < 1e-9 && (first.1 - last.1).abs() < 1e-9, "{}", area.code);
                assert!(ring.iter().all(|(lon, lat)| (116.0..123.0).contains(lon) && (30.0..36.0).contains(lat)));
            }
        }
    }
}
