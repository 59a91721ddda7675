use crate::edition::Indexed;
use crate::{AqiEdition, Column, IncompleteRule};
use serde::Serialize;
use units::{Aqi, AqiLevel, Concentration, Iaqi, Pollutant};

/// The concentrations of one natural day (日报).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayMeans {
    /// SO2, daily mean.
    pub so2: Option<Concentration>,
    /// NO2, daily mean.
    pub no2: Option<Concentration>,
    /// CO, daily mean.
    pub co: Option<Concentration>,
    /// O3, largest 1 h mean of the day; part of the report in the 2012 edition only.
    pub o3_max_1h: Option<Concentration>,
    /// O3, largest 8 h mean of the day (日最大 8 小时平均).
    pub o3_max_8h: Option<Concentration>,
    /// PM10, daily mean.
    pub pm10: Option<Concentration>,
    /// PM2.5, daily mean.
    pub pm25: Option<Concentration>,
}

/// The concentrations of one hour (实时报).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourMeans {
    /// SO2, 1 h mean.
    pub so2: Option<Concentration>,
    /// NO2, 1 h mean.
    pub no2: Option<Concentration>,
    /// CO, 1 h mean.
    pub co: Option<Concentration>,
    /// O3, 1 h mean.
    pub o3: Option<Concentration>,
    /// O3, mean of the 8 h that end with this hour; part of the report in the 2012 edition only.
    pub o3_8h: Option<Concentration>,
    /// PM10: running 24 h mean under the 2012 edition, 1 h mean under the 2026 edition.
    pub pm10: Option<Concentration>,
    /// PM2.5: running 24 h mean under the 2012 edition, 1 h mean under the 2026 edition.
    pub pm25: Option<Concentration>,
}

/// Index, level and primary pollutants of one hour or day, with the edition they were made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AqiReport {
    /// Individual index of each item of the report, in the edition's order; `None` is NA.
    pub indices: Vec<(Column, Option<Iaqi>)>,
    /// The index; `None` is NA, the reason stands in `note`.
    pub aqi: Option<Aqi>,
    /// The level of the index.
    pub level: Option<AqiLevel>,
    /// Primary pollutants (首要污染物): all with the largest index, when the AQI is above 50.
    pub primary: Vec<Pollutant>,
    /// What is missing or special, and why.
    pub note: Option<String>,
    /// The edition, for example `HJ 633-2026`.
    pub standard: &'static str,
}

impl DayMeans {
    fn get(&self, column: Column) -> Option<Concentration> {
        match column {
            Column::So2Day | Column::So2Hour => self.so2,
            Column::No2Day | Column::No2Hour => self.no2,
            Column::CoDay | Column::CoHour => self.co,
            Column::O3Hour => self.o3_max_1h,
            Column::O3EightHours => self.o3_max_8h,
            Column::Pm10Day => self.pm10,
            Column::Pm25Day => self.pm25,
        }
    }
}

impl HourMeans {
    fn get(&self, column: Column) -> Option<Concentration> {
        match column {
            Column::So2Day | Column::So2Hour => self.so2,
            Column::No2Day | Column::No2Hour => self.no2,
            Column::CoDay | Column::CoHour => self.co,
            Column::O3Hour => self.o3,
            Column::O3EightHours => self.o3_8h,
            Column::Pm10Day => self.pm10,
            Column::Pm25Day => self.pm25,
        }
    }
}

impl AqiEdition {
    /// Index of a day (日报 AQI).
    ///
    /// ```
    /// use standards::{AqiEdition, DayMeans};
    /// use units::Concentration;
    /// let means = DayMeans { pm25: Some(Concentration::micrograms(76)), ..DayMeans::default() };
    /// let report = AqiEdition::by_id("2026").unwrap().day_aqi(&means);
    /// assert_eq!(report.aqi.unwrap().get(), 115); // published: what is missing cannot make the day good
    /// ```
    pub fn day_aqi(&'static self, means: &DayMeans) -> AqiReport {
        self.day_aqi_without(means, &[])
    }

    /// Index of a day where some pollutants are outside the monitoring programme (未监测, shown as "/").
    pub fn day_aqi_without(&'static self, means: &DayMeans, not_monitored: &[Pollutant]) -> AqiReport {
        self.report(&self.day, |column| means.get(column), not_monitored)
    }

    /// Index of an hour (实时报 AQI).
    pub fn hour_aqi(&'static self, means: &HourMeans) -> AqiReport {
        self.hour_aqi_without(means, &[])
    }

    /// Index of an hour where some pollutants are outside the monitoring programme.
    pub fn hour_aqi_without(&'static self, means: &HourMeans, not_monitored: &[Pollutant]) -> AqiReport {
        self.report(&self.hour, |column| means.get(column), not_monitored)
    }

    fn report(
        &'static self,
        items: &[Column],
        value: impl Fn(Column) -> Option<Concentration>,
        not_monitored: &[Pollutant],
    ) -> AqiReport {
        let mut notes = Vec::new();
        let indices: Vec<(Column, Option<Iaqi>)> =
            items.iter().map(|item| (*item, self.item(*item, value(*item), &mut notes))).collect();
        let missing = missing(&indices, not_monitored);
        if !missing.is_empty() {
            notes.push(format!("NA: {}", join(&missing)));
        }
        let aqi = self.overall(&indices, !missing.is_empty(), &mut notes);
        AqiReport {
            primary: aqi.map_or_else(Vec::new, |_| self.primary(&indices)),
            indices,
            aqi,
            level: aqi.map(AqiLevel::of),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
            standard: self.id(),
        }
    }

    fn item(&self, column: Column, value: Option<Concentration>, notes: &mut Vec<String>) -> Option<Iaqi> {
        match self.index(column, value?) {
            Indexed::Index(index) => Some(index),
            Indexed::Follow(other) => {
                notes.push(format!("{column} above its table: {} follows {other}", column.pollutant()));
                None
            }
            Indexed::Negative => {
                notes.push(format!("{column} negative: not used"));
                None
            }
        }
    }

    /// The largest index, unless the edition withholds it because a pollutant is missing.
    fn overall(&self, indices: &[(Column, Option<Iaqi>)], incomplete: bool, notes: &mut Vec<String>) -> Option<Aqi> {
        let largest = largest(indices)?.get().clamp(self.range.0, self.range.1);
        match self.incomplete_rule() {
            IncompleteRule::PublishAbove(threshold) if incomplete && largest <= threshold => {
                notes.push(format!("incomplete and not above {threshold}: AQI not published"));
                None
            }
            _ => Some(Aqi::new(largest).expect("clamped to the edition's range, which ends at 500")),
        }
    }

    fn primary(&self, indices: &[(Column, Option<Iaqi>)]) -> Vec<Pollutant> {
        let top = largest(indices).filter(|index| index.get() > self.primary_above);
        let mut primary: Vec<Pollutant> = Vec::new();
        for (column, index) in indices {
            if top.is_some() && *index == top && !primary.contains(&column.pollutant()) {
                primary.push(column.pollutant());
            }
        }
        primary
    }
}

fn largest(indices: &[(Column, Option<Iaqi>)]) -> Option<Iaqi> {
    indices.iter().filter_map(|(_, index)| *index).max()
}

/// Pollutants without any index: O3 is there when either of its items is.
fn missing(indices: &[(Column, Option<Iaqi>)], not_monitored: &[Pollutant]) -> Vec<Pollutant> {
    Pollutant::ALL
        .into_iter()
        .filter(|wanted| !not_monitored.contains(wanted))
        .filter(|wanted| !indices.iter().any(|(column, index)| column.pollutant() == *wanted && index.is_some()))
        .collect()
}

fn join(pollutants: &[Pollutant]) -> String {
    pollutants.iter().map(|pollutant| pollutant.code()).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
#[path = "aqi_tests.rs"]
mod tests;
