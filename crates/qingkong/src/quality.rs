use crate::failure::Failure;
use observe::quality::{flag, inversions, neighbour_outliers};
use std::collections::BTreeMap;
use store::{Row, Store};
use units::{BeijingHour, Flag, Missing, Pollutant, Reading, RegionCode, SiteCode};

/// Hours looked at on either side of what was imported, so that a frozen run or a spike at the seam is seen.
const MARGIN: i64 = 24;

type Flagged = (SiteCode, Pollutant, BeijingHour, Flag);

/// The hours an import touched, site by site.
#[derive(Default)]
pub struct Span {
    by_site: BTreeMap<SiteCode, (BeijingHour, BeijingHour)>,
}

impl Span {
    /// First and last hour over some of its sites.
    fn of(&self, sites: &[SiteCode]) -> (BeijingHour, BeijingHour) {
        let spans = sites.iter().map(|site| self.by_site[site]);
        let joined = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        joined.expect("a group has at least one site of this span")
    }

    /// Takes a batch of rows in.
    pub fn extend(&mut self, rows: &[Row]) {
        for run in rows.chunk_by(|a, b| a.site == b.site) {
            let hours = run.iter().map(|row| row.hour);
            let (Some(first), Some(last)) = (hours.clone().min(), hours.max()) else { continue };
            let span = self.by_site.entry(run[0].site.clone()).or_insert((first, last));
            *span = (span.0.min(first), span.1.max(last));
        }
    }
}

/// Sites whose hours are read in one query: their catalogue is then looked up once, and memory stays bounded.
const SITES_AT_ONCE: usize = 64;

/// Sets the quality flags of everything in `span`; returns how many are new. Values are kept beside their flag.
pub async fn review(store: &Store, span: &Span) -> Result<u64, Failure> {
    let city_of: BTreeMap<SiteCode, RegionCode> =
        store.sites().await?.into_iter().filter_map(|site| Some((site.code, site.city?))).collect();
    let mut sites: Vec<&SiteCode> = span.by_site.keys().collect();
    // Stations of one city stay together, so that each group can be held against its own neighbours.
    sites.sort_by_key(|site| city_of.get(*site));
    let mut set = 0;
    for group in groups(&sites, &city_of) {
        let (first, last) = span.of(&group);
        let (from, to) = (first - MARGIN, last + MARGIN);
        let rows = store.hours(&group, &Pollutant::ALL, from, to).await?;
        let mut flags = Vec::new();
        for of_one in rows.chunk_by(|a, b| a.site == b.site) {
            flags.extend(of_site(&of_one[0].site, of_one, from, (to - from + 1) as usize));
        }
        flags.extend(of_neighbours(&rows, &city_of));
        set += store.set_flags(&flags).await?;
    }
    Ok(set)
}

/// Cuts sites sorted by city into groups of about [`SITES_AT_ONCE`], never through a city.
fn groups(sites: &[&SiteCode], city_of: &BTreeMap<SiteCode, RegionCode>) -> Vec<Vec<SiteCode>> {
    let mut groups: Vec<Vec<SiteCode>> = Vec::new();
    let same_city = |a: &SiteCode, b: &SiteCode| city_of.get(a).is_some_and(|city| city_of.get(b) == Some(city));
    for site in sites {
        match groups.last_mut() {
            Some(group) if group.len() < SITES_AT_ONCE || same_city(&group[group.len() - 1], site) => {
                group.push((*site).clone());
            }
            _ => groups.push(vec![(*site).clone()]),
        }
    }
    groups
}

/// What one site's own course shows.
fn of_site(site: &SiteCode, rows: &[Row], from: BeijingHour, hours: usize) -> Vec<Flagged> {
    let mut series = [(); 6].map(|()| vec![Reading::Missing(Missing::Absent); hours]);
    for row in rows {
        series[row.pollutant.index()][(row.hour - from) as usize] = row.reading;
    }
    let named =
        |pollutant: Pollutant| move |(at, flag): (usize, Flag)| (site.clone(), pollutant, from + at as i64, flag);
    let mut flags: Vec<Flagged> = Vec::new();
    for pollutant in Pollutant::ALL {
        flags.extend(flag(pollutant, &series[pollutant.index()]).into_iter().map(named(pollutant)));
    }
    let (pm25, pm10) = (&series[Pollutant::Pm25.index()], &series[Pollutant::Pm10.index()]);
    let inverted = inversions(pm25, pm10);
    flags.extend(inverted.into_iter().map(named(Pollutant::Pm25)));
    flags
}

/// What the stations of one city show when held against each other, hour by hour. A city reported as a whole
/// has no neighbours in this sense.
fn of_neighbours(rows: &[Row], city_of: &BTreeMap<SiteCode, RegionCode>) -> Vec<Flagged> {
    let mut groups: BTreeMap<(RegionCode, Pollutant, BeijingHour), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if let Some(city) = city_of.get(&row.site) {
            groups.entry((*city, row.pollutant, row.hour)).or_default().push(row);
        }
    }
    let mut flags = Vec::new();
    for ((_, pollutant, hour), points) in &groups {
        let readings: Vec<Reading> = points.iter().map(|row| row.reading).collect();
        let found = neighbour_outliers(*pollutant, &readings).into_iter();
        flags.extend(found.map(|(at, flag)| (points[at].site.clone(), *pollutant, *hour, flag)));
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Concentration;

    fn row(site: &str, pollutant: Pollutant, hour: i64, value: i64) -> Row {
        Row {
            site: site.parse().unwrap(),
            pollutant,
            hour: BeijingHour::from_index(hour),
            reading: Reading::Valid(Concentration::micrograms(value)),
        }
    }

    #[test]
    fn fine_particles_above_all_particles_are_in_doubt() {
        let site: SiteCode = "320100".parse().unwrap();
        let rows = [row("320100", Pollutant::Pm25, 101, 180), row("320100", Pollutant::Pm10, 101, 90)];
        let flags = of_site(&site, &rows, BeijingHour::from_index(100), 3);
        assert_eq!(flags, [(site, Pollutant::Pm25, BeijingHour::from_index(101), Flag::Pm25AbovePm10)]);
    }

    #[test]
    fn a_station_far_from_its_citys_others_is_in_doubt() {
        let mut rows: Vec<Row> = (0..5).map(|n| row(&format!("A{n}"), Pollutant::Pm25, 100, 40 + n)).collect();
        rows.push(row("B", Pollutant::Pm25, 100, 600));
        let nanjing: RegionCode = "320100".parse().unwrap();
        let city_of = rows.iter().map(|row| (row.site.clone(), nanjing)).collect();
        let flags = of_neighbours(&rows, &city_of);
        assert!(of_neighbours(&rows, &BTreeMap::new()).is_empty());
        assert_eq!(flags.iter().map(|flag| flag.0.as_str()).collect::<Vec<_>>(), ["B"]);
    }

    #[test]
    fn a_group_is_never_cut_through_a_city() {
        let codes: Vec<SiteCode> = (0..150).map(|n| format!("S{n:03}").parse().unwrap()).collect();
        let sites: Vec<&SiteCode> = codes.iter().collect();
        let city = |code: &str| code.parse::<RegionCode>().unwrap();
        let city_of = codes.iter().enumerate().map(|(n, site)| {
            (site.clone(), if (60..70).contains(&n) { city("320100") } else { city(&format!("{}", 330_000 + n)) })
        });
        let sizes: Vec<usize> = groups(&sites, &city_of.collect()).iter().map(Vec::len).collect();
        assert_eq!(sizes, [70, 64, 16]);
    }

    #[test]
    fn a_span_grows_over_batches() {
        let mut span = Span::default();
        span.extend(&[row("A", Pollutant::Co, 5, 1), row("A", Pollutant::Co, 9, 1)]);
        span.extend(&[row("A", Pollutant::Co, 2, 1)]);
        let hours = span.by_site[&"A".parse().unwrap()];
        assert_eq!((hours.0.index(), hours.1.index()), (2, 9));
    }
}
