use crate::failure::Failure;
use observe::quality::{flag, inversions, neighbour_outliers};
use std::collections::BTreeMap;
use store::{Row, Store};
use units::{BeijingHour, Flag, Missing, Pollutant, Reading, SiteCode};

/// Hours looked at on either side of what was imported, so that a frozen run or a spike at the seam is seen.
const MARGIN: i64 = 24;

type Flagged = (SiteCode, Pollutant, BeijingHour, Flag);

/// The hours an import touched, site by site.
#[derive(Default)]
pub struct Span {
    by_site: BTreeMap<SiteCode, (BeijingHour, BeijingHour)>,
}

impl Span {
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

/// Sets the quality flags of everything in `span`; returns how many are new. Values are kept beside their flag.
pub async fn review(store: &Store, span: &Span) -> Result<u64, Failure> {
    let mut flags = Vec::new();
    for (site, (first, last)) in &span.by_site {
        let (from, to) = (*first - MARGIN, *last + MARGIN);
        let rows = store.hours(std::slice::from_ref(site), &Pollutant::ALL, from, to).await?;
        flags.extend(of_site(site, &rows, from, (to - from + 1) as usize));
    }
    for stations in by_city(store, span).await?.values() {
        let from = stations.iter().map(|site| span.by_site[site].0).min();
        let to = stations.iter().map(|site| span.by_site[site].1).max();
        if let (Some(from), Some(to)) = (from, to) {
            flags.extend(of_neighbours(&store.hours(stations, &Pollutant::ALL, from, to).await?));
        }
    }
    Ok(store.set_flags(&flags).await?)
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

/// What the stations of one city show when held against each other, hour by hour.
fn of_neighbours(rows: &[Row]) -> Vec<Flagged> {
    let mut groups: BTreeMap<(Pollutant, BeijingHour), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        groups.entry((row.pollutant, row.hour)).or_default().push(row);
    }
    let outliers = |((pollutant, hour), points): (&(Pollutant, BeijingHour), &Vec<&Row>)| {
        let readings: Vec<Reading> = points.iter().map(|row| row.reading).collect();
        let found = neighbour_outliers(*pollutant, &readings);
        found.into_iter().map(|(at, flag)| (points[at].site.clone(), *pollutant, *hour, flag)).collect::<Vec<_>>()
    };
    groups.iter().flat_map(outliers).collect()
}

/// The imported stations of each city; a city reported as a whole has no neighbours in this sense.
async fn by_city(store: &Store, span: &Span) -> Result<BTreeMap<String, Vec<SiteCode>>, Failure> {
    let mut cities: BTreeMap<String, Vec<SiteCode>> = BTreeMap::new();
    for site in store.sites().await? {
        if let (Some(city), true) = (site.city, span.by_site.contains_key(&site.code)) {
            cities.entry(city.to_string()).or_default().push(site.code);
        }
    }
    Ok(cities)
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
        let flags = of_neighbours(&rows);
        assert_eq!(flags.iter().map(|flag| flag.0.as_str()).collect::<Vec<_>>(), ["B"]);
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
