use serde::{Deserialize, Serialize};
use std::fmt;
use units::Pollutant;

/// A column of the breakpoint table (分指数及对应浓度限值): a pollutant over one averaging time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Column {
    /// SO2, 24 h mean.
    #[serde(rename = "SO2_24h")]
    So2Day,
    /// SO2, 1 h mean.
    #[serde(rename = "SO2_1h")]
    So2Hour,
    /// NO2, 24 h mean.
    #[serde(rename = "NO2_24h")]
    No2Day,
    /// NO2, 1 h mean.
    #[serde(rename = "NO2_1h")]
    No2Hour,
    /// CO, 24 h mean.
    #[serde(rename = "CO_24h")]
    CoDay,
    /// CO, 1 h mean.
    #[serde(rename = "CO_1h")]
    CoHour,
    /// O3, 1 h mean.
    #[serde(rename = "O3_1h")]
    O3Hour,
    /// O3, 8 h mean.
    #[serde(rename = "O3_8h")]
    O3EightHours,
    /// PM10, 24 h mean; hourly means are read on it too since 2026.
    #[serde(rename = "PM10_24h")]
    Pm10Day,
    /// PM2.5, 24 h mean; hourly means are read on it too since 2026.
    #[serde(rename = "PM2_5_24h")]
    Pm25Day,
}

impl Column {
    /// All ten, in the order of the table.
    pub const ALL: [Column; 10] = [
        Column::So2Day,
        Column::So2Hour,
        Column::No2Day,
        Column::No2Hour,
        Column::CoDay,
        Column::CoHour,
        Column::O3Hour,
        Column::O3EightHours,
        Column::Pm10Day,
        Column::Pm25Day,
    ];

    /// The pollutant.
    pub const fn pollutant(self) -> Pollutant {
        match self {
            Column::So2Day | Column::So2Hour => Pollutant::So2,
            Column::No2Day | Column::No2Hour => Pollutant::No2,
            Column::CoDay | Column::CoHour => Pollutant::Co,
            Column::O3Hour | Column::O3EightHours => Pollutant::O3,
            Column::Pm10Day => Pollutant::Pm10,
            Column::Pm25Day => Pollutant::Pm25,
        }
    }

    /// The name in data files and answers, for example `SO2_24h`.
    pub const fn code(self) -> &'static str {
        match self {
            Column::So2Day => "SO2_24h",
            Column::So2Hour => "SO2_1h",
            Column::No2Day => "NO2_24h",
            Column::No2Hour => "NO2_1h",
            Column::CoDay => "CO_24h",
            Column::CoHour => "CO_1h",
            Column::O3Hour => "O3_1h",
            Column::O3EightHours => "O3_8h",
            Column::Pm10Day => "PM10_24h",
            Column::Pm25Day => "PM2_5_24h",
        }
    }

    /// The column a code names.
    pub fn from_code(code: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.code() == code)
    }

    /// Position in [`Column::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_position_and_column_belong_together() {
        for (position, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!((Column::from_code(column.code()), column.index()), (Some(column), position));
        }
        assert_eq!(Column::from_code("PM10_1h"), None);
    }
}
