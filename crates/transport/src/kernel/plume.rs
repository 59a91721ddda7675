/// Density of the plume over bearings, per radian: a hat of `spread` degrees each side of where the wind blows to, or even all
/// round when it is calm (`None`). Its integral over the circle is one.
pub fn bearing_density(blows_to: Option<f64>, bearing: f64, spread_degrees: f64) -> f64 {
    match blows_to {
        None => 1.0 / std::f64::consts::TAU,
        Some(direction) => {
            let off = ((bearing - direction + 180.0).rem_euclid(360.0) - 180.0).abs();
            (1.0 - off / spread_degrees).max(0.0) / spread_degrees.to_radians()
        }
    }
}

/// Density of the plume over height, per metre, between the ground and a lid, both of which reflect.
///
/// Spread `sigma`, source height and `z` in metres, the source at or below the lid. Its integral from 0 to the lid is one. Near the
/// source mirror images are summed, further away the series of standing waves, which converges where the images do not.
pub fn vertical_density(sigma: f64, height: f64, lid: f64, z: f64) -> f64 {
    use std::f64::consts::{PI, TAU};
    let waves = |n: i32| {
        let k = f64::from(n) * PI / lid;
        (k * height).cos() * (k * z).cos() * (-0.5 * (k * sigma).powi(2)).exp()
    };
    let images = |n: i32| {
        let at = |source: f64| (-0.5 * ((z - source) / sigma).powi(2)).exp();
        at(height + 2.0 * f64::from(n) * lid) + at(-height + 2.0 * f64::from(n) * lid)
    };
    if sigma > 0.5 * lid {
        return (1.0 + 2.0 * (1..=4).map(waves).sum::<f64>()).max(0.0) / lid;
    }
    (-2..=2).map(images).sum::<f64>() / (TAU.sqrt() * sigma)
}
