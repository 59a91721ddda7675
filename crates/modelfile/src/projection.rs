//! Map projections of model grids on the sphere (模式网格投影).

/// Radius of the sphere that WRF, CMAQ and CAMx compute on, metres.
const EARTH: f64 = 6_370_000.0;

/// How a grid's metres, or degrees, come from longitude and latitude.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Projection {
    /// The grid is in degrees.
    Degrees,
    /// Lambert's conformal cone through two parallels.
    Lambert {
        /// First true latitude, degrees north.
        first: f64,
        /// Second true latitude, degrees north.
        second: f64,
        /// Longitude along which north is up, degrees east.
        meridian: f64,
        /// Latitude of the origin of the metres.
        origin: f64,
    },
    /// Mercator's cylinder.
    Mercator {
        /// True latitude, degrees north.
        latitude: f64,
        /// Longitude of the origin.
        meridian: f64,
        /// Latitude of the origin.
        origin: f64,
    },
}

impl Projection {
    /// Metres east and north of the origin, or degrees.
    ///
    /// Lambert: `ρ = R F / tan(π/4 + φ/2)ⁿ`, `x = ρ sin(n Δλ)`, `y = ρ₀ - ρ cos(n Δλ)` (Snyder 1987, section 15).
    pub fn forward(&self, longitude: f64, latitude: f64) -> (f64, f64) {
        match *self {
            Projection::Degrees => (longitude, latitude),
            Projection::Lambert { first, second, meridian, origin } => {
                let n = cone(first, second);
                let f = first.to_radians().cos() * slope(first).powf(n) / n;
                let rho = |latitude: f64| EARTH * f / slope(latitude).powf(n);
                let angle = n * east_of(longitude, meridian).to_radians();
                (rho(latitude) * angle.sin(), rho(origin) - rho(latitude) * angle.cos())
            }
            Projection::Mercator { latitude: true_latitude, meridian, origin } => {
                let scale = EARTH * true_latitude.to_radians().cos();
                let x = scale * east_of(longitude, meridian).to_radians();
                (x, scale * (slope(latitude).ln() - slope(origin).ln()))
            }
        }
    }
}

fn cone(first: f64, second: f64) -> f64 {
    if (first - second).abs() < 1e-6 {
        return first.to_radians().sin();
    }
    (first.to_radians().cos() / second.to_radians().cos()).ln() / (slope(second) / slope(first)).ln()
}

fn slope(latitude: f64) -> f64 {
    (std::f64::consts::FRAC_PI_4 + latitude.to_radians() / 2.0).tan()
}

/// Degrees east of the meridian, -180 to 180.
fn east_of(longitude: f64, meridian: f64) -> f64 {
    (longitude - meridian + 180.0).rem_euclid(360.0) - 180.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snyders_worked_example_scaled_to_this_sphere() {
        // Snyder 1987, p. 295: parallels 33 and 45, origin 23 N 96 W, point 35 N 75 W on the unit sphere.
        let lambert = Projection::Lambert { first: 33.0, second: 45.0, meridian: -96.0, origin: 23.0 };
        let (x, y) = lambert.forward(-75.0, 35.0);
        assert!((x / EARTH - 0.296_678_5).abs() < 1e-6 && (y / EARTH - 0.246_211_2).abs() < 1e-6, "{x} {y}");
    }

    #[test]
    fn the_origin_is_zero_and_the_date_line_is_no_jump() {
        let mercator = Projection::Mercator { latitude: 30.0, meridian: 179.0, origin: 10.0 };
        assert!(mercator.forward(179.0, 10.0).1.abs() < 1e-6);
        assert!(mercator.forward(-179.0, 10.0).0 > 0.0);
    }
}
