use crate::GuidanceError;
use crate::import::columns;
use units::BeijingDay;

/// Columns of a forecast table, in order.
pub const COLUMNS: [&str; 16] = [
    "issue_date",
    "city",
    "lead_day",
    "pollutant",
    "mean",
    "q05",
    "q25",
    "q50",
    "q75",
    "q95",
    "aqi_lo",
    "aqi_hi",
    "primary",
    "p_aqi150",
    "p_aqi200",
    "model",
];
const ID: &str = "forecast-table";
/// Columns without which there is no forecast.
const NEEDED: usize = 10;
const MOST_LEAD_DAYS: u8 = 30;

/// A row of a forecast table. µg/m³, CO mg/m³; the AQI as a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Day of issue.
    pub issue: BeijingDay,
    /// Name as in the observations, or a region code.
    pub city: String,
    /// The n-th day after the issue.
    pub lead_day: u8,
    /// `PM2_5`, `O3_8h`, …, or `AQI`.
    pub pollutant: String,
    /// Mean.
    pub mean: f64,
    /// At 5, 25, 50, 75 and 95 %, ascending.
    pub quantiles: [f64; 5],
    /// Published range of the AQI.
    pub range: Option<(u16, u16)>,
    /// Primary pollutants, joined with `|`.
    pub primary: String,
    /// Probability of an AQI above 150.
    pub p_aqi150: Option<f64>,
    /// Probability of an AQI above 200.
    pub p_aqi200: Option<f64>,
    /// The model.
    pub model: String,
}

impl Row {
    /// The cells of [`COLUMNS`]: concentrations to a tenth, the AQI to a whole number, probabilities to four places.
    pub fn cells(&self) -> [String; 16] {
        let index = self.pollutant == "AQI";
        let [q05, q25, q50, q75, q95] =
            self.quantiles.map(|value| if index { format!("{value:.0}") } else { self.number(value) });
        let bound = |value: Option<u16>| value.map_or_else(String::new, |value| value.to_string());
        let share = |share: Option<f64>| share.map_or_else(String::new, |share| format!("{share:.4}"));
        let (issue, lead, mean) = (self.issue.to_string(), self.lead_day.to_string(), self.number(self.mean));
        let (low, high) = (bound(self.range.map(|range| range.0)), bound(self.range.map(|range| range.1)));
        let (p150, p200) = (share(self.p_aqi150), share(self.p_aqi200));
        let (city, pollutant, primary, model) =
            (self.city.clone(), self.pollutant.clone(), self.primary.clone(), self.model.clone());
        [issue, city, lead, pollutant, mean, q05, q25, q50, q75, q95, low, high, primary, p150, p200, model]
    }

    /// CO changes in hundredths.
    fn number(&self, value: f64) -> String {
        if self.pollutant == "CO" { format!("{value:.2}") } else { format!("{value:.1}") }
    }
}

/// Reads a forecast table; rows that are none are counted with the line of the first, and the others are kept.
///
/// Refuses `J-106` for a missing column by name.
pub fn read_rows(bytes: &[u8]) -> Result<(Vec<Row>, Option<String>), GuidanceError> {
    let table = columns::Table::read(ID, bytes)?;
    let find = |name: &str| table.header.iter().position(|heading| heading == name);
    let places: Vec<Option<usize>> = COLUMNS.iter().map(|name| find(name)).collect();
    if let Some(missing) = (0..NEEDED).find(|n| places[*n].is_none()) {
        return Err(GuidanceError::Missing { layout: ID, what: format!("a column {}", COLUMNS[missing]) });
    }
    let (mut rows, mut bad) = (vec![], vec![]);
    for (line, record) in &table.rows {
        let cell = |n: usize| places[n].and_then(|at| record.get(at)).unwrap_or_default().trim();
        match row(&cell) {
            Some(row) => rows.push(row),
            None => bad.push(*line),
        }
    }
    let told = bad.first().map(|line| format!("{} rows are no forecasts, the first on line {line}", bad.len()));
    Ok((rows, told))
}

fn row<'c>(cell: &impl Fn(usize) -> &'c str) -> Option<Row> {
    let number = |n: usize| cell(n).parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
    let quantiles = [number(5)?, number(6)?, number(7)?, number(8)?, number(9)?];
    let share = |n: usize| number(n).filter(|share| *share <= 1.0);
    let bound = |n: usize| cell(n).parse::<u16>().ok();
    let row = Row {
        issue: cell(0).parse().ok()?,
        city: cell(1).to_string(),
        lead_day: cell(2).parse().ok().filter(|lead| (1..=MOST_LEAD_DAYS).contains(lead))?,
        pollutant: cell(3).to_string(),
        mean: number(4)?,
        quantiles,
        range: bound(10).zip(bound(11)),
        primary: cell(12).to_string(),
        p_aqi150: share(13),
        p_aqi200: share(14),
        model: cell(15).to_string(),
    };
    (quantiles.is_sorted() && !row.city.is_empty() && !row.pollutant.is_empty()).then_some(row)
}
