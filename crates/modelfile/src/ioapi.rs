//! IOAPI, the frame of CMAQ's files on netCDF.
//!
//! Traps: dates are `YYYYDDD`, UTC; hourly means (ACONC) are stamped with the **beginning** of their hour, other files
//! with the moment; names and units are padded to 16 letters.

use crate::{Dataset, Fault, Grid, MOST_STEPS, Projection, time};
use units::BeijingHour;

/// Whether a netCDF file is of this frame.
pub fn detect(file: &dyn Dataset) -> bool {
    file.number(None, "GDTYP").is_some()
}

/// The time of every step, UTC in the file.
pub fn stamps(file: &dyn Dataset) -> Result<Vec<BeijingHour>, Fault> {
    let shape = file.shape("TFLAG").ok_or(Fault::Missing("TFLAG".into()))?;
    let [(_, steps), (_, variables), (_, 2)] = shape.as_slice() else {
        return Err(Fault::Damaged("TFLAG is not a date and a clock for every step and variable".into()));
    };
    if *steps > MOST_STEPS {
        return Err(Fault::TooMany { what: "time steps", limit: MOST_STEPS });
    }
    if *variables == 0 || *steps == 0 {
        return Ok(vec![]);
    }
    let flags = file.slab("TFLAG", &[0, 0, 0], &[*steps, 1, 2])?;
    let stamp = |(step, flag): (usize, &[f64])| {
        let (date, clock) = (flag[0], flag[1]);
        let hour = Some(clock).filter(|clock| clock % 10_000.0 == 0.0 && (0.0..=240_000.0).contains(clock));
        let day = time::julian(date as i64);
        let found = day.zip(hour).and_then(|(day, clock)| time::utc(day, clock as i64 / 10_000));
        let (text, at) = (format!("{date:.0} {clock:.0}"), format!("step {}", step + 1));
        found.ok_or(Fault::Time { text, at })
    };
    flags.chunks_exact(2).enumerate().map(stamp).collect()
}

/// Whether the values are hourly means of the model, or what `combine` makes of them.
pub fn stamped_at_beginning(file: &dyn Dataset) -> bool {
    let said = |name| file.text(None, name).unwrap_or_default().to_uppercase();
    let (program, description) = (said("UPNAM"), said("FILEDESC"));
    ["ACONC", "COMBINE", "WR_ACONC"].iter().any(|name| program.contains(name)) || description.contains("AVERAGE")
}

/// The grid by its attributes. Refuses projections that are not computed here.
pub fn grid(file: &dyn Dataset) -> Result<Grid, Fault> {
    let need = |name: &str| {
        let found = file.number(None, name).filter(|value| value.is_finite());
        found.ok_or_else(|| Fault::Missing(format!("attribute {name}")))
    };
    let projection = match need("GDTYP")? as i32 {
        1 => Projection::Degrees,
        2 => Projection::Lambert {
            first: need("P_ALP")?,
            second: need("P_BET")?,
            meridian: need("P_GAM")?,
            origin: need("YCENT")?,
        },
        7 => Projection::Mercator { latitude: need("P_ALP")?, meridian: need("P_GAM")?, origin: need("YCENT")? },
        other => {
            let what = format!("grid type {other} is none of 1 (degrees), 2 (Lambert), 7 (Mercator)");
            return Err(Fault::Grid(what));
        }
    };
    let step = (need("XCELL")?, need("YCELL")?);
    let first = (need("XORIG")? + step.0 / 2.0, need("YORIG")? + step.1 / 2.0);
    let size = |name: &str| file.length(name).ok_or(Fault::Missing(name.into()));
    Ok(Grid { projection, first, step, columns: size("COL")?, rows: size("ROW")? })
}

/// A surface field of one step: rows and columns of the lowest layer.
pub fn surface(file: &dyn Dataset, variable: &str, step: usize) -> Result<Vec<f64>, Fault> {
    match file.shape(variable).as_deref() {
        Some([_, _, (_, rows), (_, columns)]) => file.slab(variable, &[step, 0, 0, 0], &[1, 1, *rows, *columns]),
        Some(_) => Err(Fault::Damaged(format!("{variable} is not over time, layer, row and column"))),
        None => Err(Fault::Missing(variable.to_string())),
    }
}
