use crate::StandardsError;
use crate::document::{Document, File, embed, in_force, load_family};
use crate::per_pollutant::PerPollutant;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::sync::LazyLock;
use toml::Spanned;
use units::{BeijingDay, Concentration, Pollutant};

static RULES: LazyLock<Vec<EvaluationRules>> =
    LazyLock::new(|| load_family(&[embed!("hj663-2013.toml"), embed!("hj663-2026.toml")], EvaluationRules::load));

/// One edition of the evaluation rules (环境空气质量评价技术规范, HJ 663).
#[derive(Debug)]
pub struct EvaluationRules {
    document: Document,
    pub(crate) validity: Validity,
    pub(crate) part_month_share: Decimal,
    pub(crate) city_share: Decimal,
    pub(crate) city_few_share: Decimal,
    percentiles: PerPollutant,
    rounding: PerPollutant<Places>,
    pub(crate) multiple_decimals: u32,
    pub(crate) rate_decimals: u32,
    critical: Vec<(usize, Decimal)>,
}

/// Which days count in the good-day ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountedDay {
    /// All six valid, or what there is exceeds the good-day threshold.
    CompleteOrExceeding,
    /// Any day with an index.
    AnyIndex,
}

impl EvaluationRules {
    /// All editions, oldest first.
    pub fn all() -> &'static [EvaluationRules] {
        &RULES
    }

    /// The edition in force on `day`.
    pub fn in_force(day: BeijingDay) -> &'static EvaluationRules {
        in_force(&RULES, |rules| &rules.document, day)
    }

    /// The number it is cited by: `HJ 663-2026`.
    pub fn id(&self) -> &str {
        &self.document.source.document
    }

    /// Title, dates, source and confidence.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Hourly means a daily mean needs.
    pub fn day_hours(&self) -> usize {
        self.validity.day.hours
    }

    /// Minutes an hourly mean needs.
    pub fn hour_minutes(&self) -> u32 {
        self.validity.hour.minutes
    }

    /// Hourly means an 8 h mean of ozone needs.
    pub fn ozone_8h_hours(&self) -> usize {
        self.validity.ozone_8h.hours
    }

    /// The percentile of daily values that is evaluated, for example 95.
    pub fn percentile(&self, pollutant: Pollutant) -> u32 {
        self.percentiles.get(pollutant)
    }

    /// A statistic rounded for reporting.
    pub fn round_statistic(&self, pollutant: Pollutant, value: Concentration) -> Concentration {
        value.round_for_report(pollutant.unit(), self.rounding.get(pollutant).statistic)
    }

    /// A value rounded to be held against a limit or turned into an index.
    pub fn round_compliance(&self, pollutant: Pollutant, value: Concentration) -> Concentration {
        value.round_for_report(pollutant.unit(), self.rounding.get(pollutant).compliance)
    }

    /// The critical rank correlation for a series of `n` periods, where the table has one.
    pub fn critical_correlation(&self, n: usize) -> Option<Decimal> {
        self.critical.iter().find(|(size, _)| *size == n).map(|(_, value)| *value)
    }

    fn load(file: &File) -> Result<Self, StandardsError> {
        let (document, body): (Document, Body) = file.read()?;
        let share = |text: &Spanned<String>| match file.decimal(text)? {
            value if value > Decimal::ZERO && value <= Decimal::ONE => Ok(value),
            value => Err(file.refuse(text.span(), format!("share {value} is not between 0 and 1"))),
        };
        let ozone = body.validity.ozone_max_8h.as_ref();
        if !(8 <= ozone.first_label && ozone.first_label <= ozone.last_label && ozone.last_label <= 24) {
            return Err(file.refuse(body.validity.ozone_max_8h.span(), "8 h windows must end at labels 8 to 24"));
        }
        Ok(EvaluationRules {
            part_month_share: share(&body.validity.part_month.share)?,
            city_share: share(&body.validity.city.share)?,
            city_few_share: share(&body.validity.city.few_share)?,
            percentiles: read_percentiles(file, body.percentiles)?,
            rounding: body.rounding.places,
            multiple_decimals: body.reporting.exceedance_multiple_decimals,
            rate_decimals: body.reporting.rate_percent_decimals,
            critical: read_critical(file, &body.trend.critical)?,
            validity: body.validity,
            document,
        })
    }
}

fn read_percentiles(file: &File, section: Spanned<Percentiles>) -> Result<PerPollutant, StandardsError> {
    let percentiles = section.as_ref().per_pollutant;
    match Pollutant::ALL.iter().find(|pollutant| !(1..=100).contains(&percentiles.get(**pollutant))) {
        Some(pollutant) => Err(file.refuse(section.span(), format!("percentile of {pollutant} is not 1 to 100"))),
        None => Ok(percentiles),
    }
}

fn read_critical(file: &File, rows: &[(usize, Spanned<String>)]) -> Result<Vec<(usize, Decimal)>, StandardsError> {
    let mut table: Vec<(usize, Decimal)> = Vec::new();
    for (n, text) in rows {
        let value = file.decimal(text)?;
        if table.last().is_some_and(|(last, above)| n <= last || value >= *above) {
            return Err(file.refuse(text.span(), "critical values must fall as n rises"));
        }
        table.push((*n, value));
    }
    Ok(table)
}

#[derive(Deserialize)]
struct Body {
    validity: Validity,
    percentiles: Spanned<Percentiles>,
    rounding: Rounding,
    reporting: Reporting,
    trend: Critical,
}

/// Minima a statistic needs, each with the confidence of its source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Validity {
    pub year: YearDays,
    pub percentile: YearDays,
    pub month: MonthDays,
    part_month: PartMonth,
    day: HoursNeeded,
    hour: MinutesNeeded,
    pub ozone_max_1h: HoursNeeded,
    ozone_8h: HoursNeeded,
    ozone_max_8h: Spanned<OzoneMax8h>,
    city: CityPoints,
    pub counted_day: CountedDays,
}

impl Validity {
    pub fn ozone_max_8h(&self) -> &OzoneMax8h {
        self.ozone_max_8h.as_ref()
    }

    /// Below this many points the second share applies.
    pub fn few_points(&self) -> usize {
        self.city.few
    }
}

/// Declares the sections of the file: plain records that must name their confidence.
macro_rules! sections {
    ($($name:ident { $($field:ident: $type:ty),* })*) => {$(
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $(pub $field: $type,)*
            #[serde(rename = "confidence")]
            _confidence: String,
        }
    )*};
}

sections! {
    YearDays { days: usize, month_days: usize, february_days: usize }
    MonthDays { month_days: usize, february_days: usize }
    PartMonth { share: Spanned<String> }
    HoursNeeded { hours: usize }
    MinutesNeeded { minutes: u32 }
    OzoneMax8h { first_label: usize, last_label: usize, means: usize, kept_above_limit: bool }
    CityPoints { share: Spanned<String>, few: usize, few_share: Spanned<String> }
    CountedDays { rule: CountedDay, good_up_to: u16, heavy_above: u16 }
    Reporting { exceedance_multiple_decimals: u32, rate_percent_decimals: u32 }
    Critical { critical: Vec<(usize, Spanned<String>)> }
}

#[derive(Deserialize)]
struct Percentiles {
    #[serde(flatten)]
    per_pollutant: PerPollutant,
}

#[derive(Deserialize)]
struct Rounding {
    #[serde(flatten)]
    places: PerPollutant<Places>,
}

/// Decimal places in the reporting unit.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    statistic: u32,
    compliance: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../../data/standards/hj663-2026.toml");

    fn refusal(from: &str, to: &str) -> String {
        assert!(TEXT.contains(from), "{from}");
        let text: &'static str = TEXT.replacen(from, to, 1).leak();
        EvaluationRules::load(&File { name: "hj663-2026.toml", text }).unwrap_err().to_string()
    }

    #[test]
    fn both_editions_load_and_follow_the_day() {
        let ids =
            ["2013-01-01", "2026-02-28", "2026-03-01"].map(|day| EvaluationRules::in_force(day.parse().unwrap()).id());
        assert_eq!(ids, ["HJ 663-2013", "HJ 663-2013", "HJ 663-2026"]);
        assert_eq!(EvaluationRules::all().len(), 2);
    }

    #[test]
    fn broken_rules_are_refused_at_their_line() {
        let line = TEXT.lines().position(|line| line.starts_with("city")).unwrap() + 1;
        let share = refusal("share = \"0.75\"", "share = \"1.75\"");
        assert!(share.starts_with(&format!("S-101 hj663-2026.toml line {line}: share 1.75")), "{share}");
        assert!(refusal("first_label = 8", "first_label = 7").contains("labels 8 to 24"));
        assert!(refusal("[6, \"0.829\"]", "[6, \"0.929\"]").contains("must fall"));
        assert!(refusal("SO2 = 98", "SO2 = 0").contains("percentile of SO2"));
        assert!(refusal("year = { days = 324, ", "year = { ").contains("days"));
    }

    #[test]
    fn pm25_is_reported_with_one_decimal_since_2026_and_judged_without() {
        let value = Concentration::parse("30.46", units::MassUnit::Microgram).unwrap();
        let rules = |day: &str| EvaluationRules::in_force(day.parse().unwrap());
        let shown = |rules: &EvaluationRules| rules.round_statistic(Pollutant::Pm25, value).reported(Pollutant::Pm25);
        assert_eq!(
            (shown(rules("2026-01-01")).to_string(), shown(rules("2026-12-31")).to_string()),
            ("30".into(), "30.5".into())
        );
        assert_eq!(rules("2026-12-31").round_compliance(Pollutant::Pm25, value), Concentration::micrograms(30));
    }
}
