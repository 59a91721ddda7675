//! The example data of the R package openair: London Marylebone Road, hourly, 1998 to 2005, GMT.
//!
//! Traps: gases are mixing ratios (ppb, CO ppm), which become concentrations only with a temperature and
//! a pressure that the file doesn't state; so they are refused and the particles kept. GMT has no summer time.

use super::Layout;
use super::emit::Emit;
use super::input::{Head, Input};
use super::table::Table;
use super::time::utc_hour;
use crate::{ObserveError, RowFault};
use units::{Pollutant, SiteCode};

pub(super) const LAYOUT: Layout =
    Layout { id: "openair-mydata", title: "openair example data, Marylebone Road", detect, read };

const GASES: [&str; 4] = ["no2", "o3", "so2", "co"];
const VALUES: [(&str, Pollutant); 2] = [("pm10", Pollutant::Pm10), ("pm25", Pollutant::Pm25)];

fn detect(head: &Head) -> bool {
    head.has(&["date", "ws", "wd", "nox", "pm10"])
}

fn read(input: &mut Input<'_>, emit: &mut Emit<'_>) -> Result<(), ObserveError> {
    let mut table = Table::open(input, LAYOUT.id)?;
    let date = table.column("date")?;
    let values = table.values(&VALUES)?;
    let gases = GASES.map(|gas| table.optional(gas));
    let mut refused = [0; GASES.len()];
    let site: SiteCode = "openair-marylebone".parse().expect("letters and a hyphen are a site code");
    emit.note("times are GMT, moved to Beijing time; a day of Beijing is not a day of London");
    while table.advance(emit)? {
        for (count, _) in refused.iter_mut().zip(gases).filter(|(_, at)| at.is_some_and(|at| !table.get(at).is_empty()))
        {
            *count += 1;
        }
        match utc_hour(table.get(date)) {
            Ok(hour) => emit.hour(table.line(), &site, hour, &table.cells(&values))?,
            Err(fault) => emit.refuse(table.line(), Some("date"), fault, table.get(date)),
        }
    }
    for (gas, count) in GASES.into_iter().zip(refused).filter(|(_, count)| *count > 0) {
        emit.refuse_many(count, 1, Some(gas), RowFault::MixingRatio, gas);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::import::testing::{read, readings};

    #[test]
    fn particles_are_kept_and_mixing_ratios_refused() {
        let file = "date,ws,wd,nox,no2,o3,pm10,so2,co,pm25\n1998-01-01 00:00:00,0.6,280,285,39,1,29,4.7225,3.3725,\n\
            1998-01-01 01:00:00,2.16,230,,,,37,,,\n";
        let (report, records) = read(file.as_bytes());
        let report = report.unwrap();
        assert_eq!(readings(&records)[0], "openair-marylebone PM10 1998-01-01T08:00:00+08:00 29");
        assert_eq!((report.kept, report.missing, report.refused), (2, 2, 4));
        assert!(report.refusals.iter().all(|refusal| refusal.reason.starts_with("O-209")));
    }
}
