//! A model grid, and where a city lies on it.

use crate::projection::Projection;

/// A city or station by name and position, degrees east and north.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Name as in the observations, or a region code.
    pub name: String,
    /// Longitude, WGS-84.
    pub lon: f64,
    /// Latitude, WGS-84.
    pub lat: f64,
}

/// How a grid is read at a place (取值方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sampling {
    /// The cell whose centre is nearest.
    #[default]
    Nearest,
    /// The four cells around, by distance; where one of them is missing, nothing.
    Bilinear,
}

/// A regular grid: centre of the first cell, and the step from cell to cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// How places become its metres or degrees.
    pub projection: Projection,
    /// Centre of the first cell, eastwards and northwards.
    pub first: (f64, f64),
    /// From cell to cell; below zero where an axis falls.
    pub step: (f64, f64),
    /// Cells along a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
}

/// Up to four cells `(row, column)` with weights that sum to one.
pub type Cells = Vec<(usize, usize, f64)>;

impl Grid {
    /// The cells of a place, or `None` outside the grid.
    pub fn cells(&self, place: &Place, sampling: Sampling) -> Option<Cells> {
        let (x, y) = self.projection.forward(place.lon, place.lat);
        let column = (x - self.first.0) / self.step.0;
        let row = (y - self.first.1) / self.step.1;
        cells(row, column, self.rows, self.columns, sampling)
    }
}

/// The cells at a fractional row and column.
pub fn cells(row: f64, column: f64, rows: usize, columns: usize, sampling: Sampling) -> Option<Cells> {
    let inside = |at: f64, count: usize| at.is_finite() && at >= -0.5 && at < count as f64 - 0.5;
    if !inside(row, rows) || !inside(column, columns) {
        return None;
    }
    if sampling == Sampling::Nearest {
        return Some(vec![(row.round() as usize, column.round() as usize, 1.0)]);
    }
    let pair = |at: f64, count: usize| {
        let at = at.clamp(0.0, (count - 1) as f64);
        let low = at.floor() as usize;
        [(low, 1.0 - at.fract()), ((low + 1).min(count - 1), at.fract())]
    };
    let across = pair(column, columns);
    let all = pair(row, rows).into_iter().flat_map(|(r, p)| across.map(|(c, q)| (r, c, p * q)));
    Some(all.filter(|(_, _, weight)| *weight > 0.0).collect())
}

/// The weighted value of cells; `None` where a cell is past the file, NaN where one is missing.
pub fn weigh(cells: &Cells, mut value: impl FnMut(usize, usize) -> Option<f64>) -> Option<f64> {
    cells.iter().try_fold(0.0, |sum, (row, column, weight)| Some(sum + weight * value(*row, *column)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        Grid { projection: Projection::Degrees, first: (110.0, 30.0), step: (1.0, -0.5), columns: 3, rows: 3 }
    }

    fn place(lon: f64, lat: f64) -> Place {
        Place { name: "x".into(), lon, lat }
    }

    #[test]
    fn a_falling_latitude_axis_counts_downwards() {
        assert_eq!(grid().cells(&place(111.4, 29.1), Sampling::Nearest), Some(vec![(2, 1, 1.0)]));
    }

    #[test]
    fn half_a_cell_outside_is_still_inside_and_more_is_not() {
        assert!(grid().cells(&place(109.6, 30.2), Sampling::Nearest).is_some());
        assert_eq!(grid().cells(&place(109.4, 30.0), Sampling::Nearest), None);
        assert_eq!(grid().cells(&place(f64::NAN, 30.0), Sampling::Nearest), None);
    }

    #[test]
    fn bilinear_weights_sum_to_one_and_meet_the_middle() {
        let cells = grid().cells(&place(110.25, 29.75), Sampling::Bilinear).unwrap();
        assert_eq!(cells.iter().map(|cell| cell.2).sum::<f64>(), 1.0);
        assert_eq!(weigh(&cells, |_, column| Some(column as f64)), Some(0.25));
        assert_eq!(weigh(&cells, |row, _| (row == 0).then_some(1.0)), None);
    }
}
