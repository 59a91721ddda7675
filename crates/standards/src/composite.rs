use crate::document::{Document, File, embed, in_force, load_family};
use crate::per_pollutant::PerPollutant;
use crate::{Limits, Period, StandardsError};
use rust_decimal::Decimal;
use serde::Deserialize;
use std::sync::LazyLock;
use units::{BeijingDay, Concentration, Pollutant};

static RULES: LazyLock<Vec<IndexRule>> =
    LazyLock::new(|| load_family(&[embed!("city-ranking-2018.toml")], IndexRule::load));

/// The rule for the composite index (环境空气质量综合指数) and the ranking of cities by it.
#[derive(Debug)]
pub struct IndexRule {
    document: Document,
    decimals: u32,
    plain: PerPollutant,
    variant: PerPollutant,
}

/// Which weights the composite index takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weights {
    /// Each pollutant once: the published index.
    #[default]
    Plain,
    /// The unverified variant of the data file, off unless asked for.
    Variant,
}

impl IndexRule {
    /// The rule in force on `day`.
    pub fn in_force(day: BeijingDay) -> &'static IndexRule {
        in_force(&RULES, |rule| &rule.document, day)
    }

    /// Title, dates, source and confidence.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What a result made with these weights is labelled with.
    pub fn label(&self, weights: Weights) -> String {
        match weights {
            Weights::Plain => self.document.source.document.clone(),
            Weights::Variant => format!("{} (weighted variant, unverified)", self.document.source.document),
        }
    }

    /// Σ weight · C/S over the six pollutants, in the order of [`Pollutant::ALL`], exact, then rounded.
    ///
    /// C is the mean for SO2, NO2, PM10 and PM2.5, the percentile for CO and O3; S the class II limits.
    ///
    /// ```
    /// use standards::{IndexRule, Limits, Weights};
    /// use units::Concentration;
    /// let day = "2018-06-01".parse().unwrap();
    /// let at_limits = [60, 40, 4000, 160, 70, 35].map(Concentration::micrograms);
    /// let index = IndexRule::in_force(day).index(&at_limits, Limits::in_force(day), Weights::Plain);
    /// assert_eq!(index.to_string(), "6.00");
    /// ```
    pub fn index(&self, values: &[Concentration; 6], limits: &Limits, weights: Weights) -> Decimal {
        let weights = if weights == Weights::Plain { &self.plain } else { &self.variant };
        let limits = Pollutant::ALL.map(|pollutant| i128::from(reference(limits, pollutant).picograms()));
        let common = limits.iter().copied().fold(1, least_common_multiple);
        let sum = Pollutant::ALL.into_iter().map(|pollutant| {
            let place = pollutant.index();
            i128::from(weights.get(pollutant)) * i128::from(values[place].picograms()) * (common / limits[place])
        });
        crate::statistics::ratio(sum.sum(), common, self.decimals)
    }

    fn load(file: &File) -> Result<Self, StandardsError> {
        let (document, body): (Document, Body) = file.read()?;
        if body.ranking.ties.as_ref() != "share-and-skip" {
            return Err(file.refuse(body.ranking.ties.span(), "the only known treatment of ties is share-and-skip"));
        }
        let (plain, variant) = (body.index.weights, body.weighted_variant.weights);
        Ok(IndexRule { document, decimals: body.index.decimals, plain, variant })
    }
}

/// The class II limit a pollutant is divided by: annual where there is one, else of the day.
fn reference(limits: &Limits, pollutant: Pollutant) -> Concentration {
    limits.class2(pollutant, Period::Year).unwrap_or_else(|| limits.daily_class2(pollutant))
}

fn least_common_multiple(a: i128, b: i128) -> i128 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

#[derive(Deserialize)]
struct Body {
    index: Index,
    weighted_variant: Variant,
    ranking: Ranking,
}

#[derive(Deserialize)]
struct Index {
    decimals: u32,
    weights: PerPollutant,
}

#[derive(Deserialize)]
struct Variant {
    weights: PerPollutant,
}

#[derive(Deserialize)]
struct Ranking {
    ties: toml::Spanned<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn index(values: [i64; 6], day: &str, weights: Weights) -> String {
        let day: BeijingDay = day.parse().unwrap();
        let values = values.map(Concentration::micrograms);
        IndexRule::in_force(day).index(&values, Limits::in_force(day), weights).to_string()
    }

    #[test]
    fn the_same_air_has_a_higher_index_against_the_2026_limits() {
        let air = [8, 35, 1100, 170, 71, 40];
        // 0.13333 + 0.875 + 0.275 + 1.0625 + 71/70 + 40/35 = 4.50298
        assert_eq!(index(air, "2025-12-31", Weights::Plain), "4.50");
        // the last two become 71/60 + 40/30: 4.8625
        assert_eq!(index(air, "2026-12-31", Weights::Plain), "4.86");
    }

    #[test]
    fn the_weighted_variant_counts_some_pollutants_more_than_once() {
        assert_eq!(index([60, 40, 4000, 160, 70, 35], "2018-01-01", Weights::Variant), "10.00");
        let rule = IndexRule::in_force("2018-01-01".parse().unwrap());
        assert!(rule.label(Weights::Variant).contains("unverified"));
    }

    proptest! {
        #[test]
        fn the_index_never_falls_when_a_concentration_rises(values in prop::array::uniform6(0i64..500), place in 0usize..6) {
            let day: BeijingDay = "2027-01-01".parse().unwrap();
            let of = |values: [i64; 6]| {
                IndexRule::in_force(day).index(&values.map(Concentration::micrograms), Limits::in_force(day), Weights::Plain)
            };
            let mut more = values;
            more[place] += 50;
            prop_assert!(of(values) >= Decimal::ZERO && of(more) >= of(values));
        }
    }
}
