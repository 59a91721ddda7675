//! Whose a concentration is (来源解析视图): contributions grouped, each table adding up to its total with what is not explained named.

use crate::contribution::{Background, Contributions, Whose};
use crate::source::{Receptor, Source};
use crate::trajectory::Trajectory;
use std::collections::{BTreeMap, BTreeSet};
use units::RegionCode;

/// By what contributions are grouped (分组方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// By the city or region of the source.
    City,
    /// By sector.
    Sector,
    /// By enterprise or stack; sources not told apart so far stand as their region and sector.
    Enterprise,
}

/// A line of an attribution table.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Whose concentration.
    pub receptor: Receptor,
    /// The group, a background, or `unexplained`.
    pub group: String,
    /// Its part, µg/m³; what is not explained may be negative: more was explained than there is.
    pub ug_m3: f64,
    /// Its share of the total, or of all contributions where the total is not known; `None` where that is zero.
    pub share: Option<f64>,
}

/// The group of what is left of a total after all contributions (未解释).
pub const UNEXPLAINED: &str = "unexplained";

/// Attribution of every receptor by a view; lines in order of receptor and part, the largest first, the unexplained last.
///
/// The lines of a receptor sum to its total; where no total is known, to the sum of the contributions, without a line for the unexplained.
pub fn attribute(contributions: &Contributions, view: View) -> Vec<Line> {
    grouped(contributions, |_, source| match view {
        View::City => source.region.city().unwrap_or(source.region).to_string(),
        View::Sector if source.sector.is_empty() => "all sectors".to_string(),
        View::Sector => source.sector.clone(),
        View::Enterprise => source.to_string(),
    })
}

/// Attribution along trajectories (按轨迹): the receptor's own city, regions that an air mass passed within `near_m` metres of on its way, all others.
///
/// A trajectory says where the air came from, not what it took up: it only sorts the contributions. `places` gives each region a point. Receptors
/// whose day has no trajectory have their sources under `no trajectory`.
pub fn along(
    contributions: &Contributions,
    trajectories: &[(RegionCode, Trajectory)],
    places: &BTreeMap<RegionCode, (f64, f64)>,
    near_m: f64,
) -> Vec<Line> {
    let mut passed: BTreeMap<(RegionCode, units::BeijingDay), BTreeSet<RegionCode>> = BTreeMap::new();
    for (city, trajectory) in trajectories {
        let near = places.iter().filter(|(_, place)| trajectory.passes(**place, near_m)).map(|(region, _)| *region);
        passed.entry((*city, trajectory.arrival.day())).or_default().extend(near);
    }
    grouped(contributions, |receptor, source| {
        let region = source.region.city().unwrap_or(source.region);
        match passed.get(&(receptor.city, receptor.day)) {
            _ if receptor.city.contains(region) || region == receptor.city => "local".to_string(),
            None => "no trajectory".to_string(),
            Some(regions) if regions.contains(&region) => format!("along the way: {region}"),
            Some(_) => "off the way".to_string(),
        }
    })
}

fn grouped(contributions: &Contributions, group: impl Fn(&Receptor, &Source) -> String) -> Vec<Line> {
    let mut sums: BTreeMap<Receptor, BTreeMap<String, f64>> = BTreeMap::new();
    for row in &contributions.rows {
        let name = match &row.whose {
            Whose::Source(source) => group(&row.receptor, source),
            Whose::Background(background) => background_name(*background),
        };
        *sums.entry(row.receptor).or_default().entry(name).or_insert(0.0) += row.ug_m3;
    }
    for receptor in contributions.totals.keys() {
        sums.entry(*receptor).or_default();
    }
    let mut lines = vec![];
    for (receptor, groups) in sums {
        let known = contributions.totals.get(&receptor).copied();
        let explained: f64 = groups.values().sum();
        let total = known.unwrap_or(explained);
        let share = |part: f64| (total > 0.0).then(|| part / total);
        let mut parts: Vec<(String, f64)> = groups.into_iter().collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        parts.extend(known.map(|total| (UNEXPLAINED.to_string(), total - explained)));
        lines.extend(parts.into_iter().map(|(group, ug_m3)| Line { receptor, group, ug_m3, share: share(ug_m3) }));
    }
    lines
}

fn background_name(background: Background) -> String {
    format!("background: {}", background.code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contribution::Contribution;
    use crate::matrix::{Basis, Origin, Status};
    use crate::source::Precursor;
    use proptest::prelude::*;
    use units::Pollutant;

    fn receptor() -> Receptor {
        Receptor { city: "320100".parse().unwrap(), day: "2018-01-15".parse().unwrap(), pollutant: Pollutant::Pm25 }
    }

    fn contributions(parts: &[(&str, &str, f64)], total: Option<f64>) -> Contributions {
        let origin = Origin {
            model: "m".into(),
            files: vec![],
            run: None,
            grid: String::new(),
            status: Status::Model,
            basis: Basis::Tagged,
        };
        let row = |(n, (region, sector, ug_m3)): (usize, &(&str, &str, f64))| {
            let source = Source { region: region.parse().unwrap(), sector: sector.to_string(), stack: format!("s{n}") };
            Contribution {
                receptor: receptor(),
                whose: Whose::Source(source),
                precursor: Some(Precursor::So2),
                ug_m3: *ug_m3,
            }
        };
        let mut rows: Vec<Contribution> = parts.iter().enumerate().map(row).collect();
        let whose = Whose::Background(Background::Boundary);
        rows.push(Contribution { receptor: receptor(), whose, precursor: None, ug_m3: 10.0 });
        Contributions::new(origin, rows, total.map(|total| (receptor(), total)).into_iter().collect()).unwrap()
    }

    const PARTS: [(&str, &str, f64); 3] =
        [("320100", "power", 20.0), ("320300", "power", 15.0), ("320300", "steel", 25.0)];

    fn told(lines: &[Line]) -> Vec<(&str, f64)> {
        lines.iter().map(|line| (line.group.as_str(), line.ug_m3)).collect()
    }

    #[test]
    fn by_city_sector_and_enterprise_with_the_unexplained_last() {
        let found = contributions(&PARTS, Some(80.0));
        let by = |view| attribute(&found, view);
        assert_eq!(
            told(&by(View::City)),
            [("320300", 40.0), ("320100", 20.0), ("background: boundary", 10.0), ("unexplained", 10.0)]
        );
        assert_eq!(by(View::City)[0].share, Some(0.5));
        assert_eq!(told(&by(View::Sector))[..2], [("power", 35.0), ("steel", 25.0)]);
        assert_eq!(told(&by(View::Enterprise))[0], ("320300/steel/s2", 25.0));
    }

    #[test]
    fn more_explained_than_there_is_stays_visible() {
        let lines = attribute(&contributions(&PARTS, Some(60.0)), View::City);
        assert_eq!(told(&lines).last(), Some(&("unexplained", -10.0)));
        let unknown = attribute(&contributions(&PARTS, None), View::City);
        assert_eq!(told(&unknown).last(), Some(&("background: boundary", 10.0)));
    }

    #[test]
    fn trajectories_sort_what_was_contributed() {
        let arrival = "2018-01-15T08:00:00+08:00".parse().unwrap();
        let trajectory = Trajectory { arrival, points: vec![(118.8, 32.0), (117.2, 34.2)] };
        let places =
            BTreeMap::from([("320300".parse().unwrap(), (117.2, 34.3)), ("340100".parse().unwrap(), (117.3, 31.9))]);
        let found = contributions(&[PARTS[0], PARTS[2], ("340100", "power", 5.0)], Some(80.0));
        let lines = along(&found, &[(receptor().city, trajectory)], &places, 50_000.0);
        assert_eq!(
            told(&lines),
            [
                ("along the way: 320300", 25.0),
                ("local", 20.0),
                ("background: boundary", 10.0),
                ("off the way", 5.0),
                ("unexplained", 20.0)
            ]
        );
        assert!(told(&along(&found, &[], &places, 5e4)).contains(&("no trajectory", 30.0)));
    }

    proptest! {
        #[test]
        fn every_table_adds_up_to_the_total(
            values in prop::collection::vec((0usize..4, 0usize..3, -5.0..50.0f64), 0..30),
            total in 0.0..500.0f64,
        ) {
            let (regions, sectors) = (["320100", "320300", "340100", "370300"], ["power", "steel", ""]);
            let parts: Vec<_> = values.iter().map(|(r, s, value)| (regions[*r], sectors[*s], *value)).collect();
            for view in [View::City, View::Sector, View::Enterprise] {
                let sum: f64 = attribute(&contributions(&parts, Some(total)), view).iter().map(|line| line.ug_m3).sum();
                prop_assert!((sum - total).abs() < 1e-9 * (1.0 + total));
            }
        }
    }
}
