use units::{BeijingDay, BeijingHour, Concentration, Pollutant, Reading, RegionCode, SiteCode};

/// One hourly value (小时值) of one pollutant at one site, named by the end of its hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Where.
    pub site: SiteCode,
    /// What.
    pub pollutant: Pollutant,
    /// The hour, named by its end.
    pub hour: BeijingHour,
    /// The value, or why there is none.
    pub reading: Reading,
}

/// One daily value (日均值) as its source published it, never recomputed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayObservation {
    /// Where.
    pub site: SiteCode,
    /// What.
    pub pollutant: Pollutant,
    /// The day.
    pub day: BeijingDay,
    /// How the source averaged.
    pub basis: DayBasis,
    /// The value, or why there is none.
    pub reading: Reading,
}

/// How a published daily value was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayBasis {
    /// Mean of the day's hours.
    Mean,
    /// The source doesn't say; usual for ozone, where it may be a mean or a maximum.
    NotStated,
}

/// A place that is measured (点位), as a list of stations gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteInfo {
    /// Its code.
    pub code: SiteCode,
    /// Its name, in the source's language.
    pub name: String,
    /// The city it lies in, when the source says and the name is known.
    pub city: Option<RegionCode>,
    /// Degrees east; datum as in the source, which never says.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

/// What an importer hands on.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// An hourly value.
    Hour(Observation),
    /// A daily value.
    Day(DayObservation),
    /// A site.
    Site(SiteInfo),
}

impl Record {
    /// The value of an hourly or daily record, as received.
    pub fn received(&self) -> Option<Concentration> {
        match self {
            Record::Hour(hour) => hour.reading.received(),
            Record::Day(day) => day.reading.received(),
            Record::Site(_) => None,
        }
    }
}
