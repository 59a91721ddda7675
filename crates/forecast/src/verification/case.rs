use crate::measures::{QUANTILES, quantile};
use serde::{Deserialize, Serialize};
use std::fmt;
use units::{Aqi, AqiLevel, BeijingDay, Pollutant};

/// What a row of a forecast table speaks of (预报项).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// The day's evaluated concentration: the mean, for ozone the largest 8 h mean. µg/m³, CO mg/m³.
    Pollutant(Pollutant),
    /// The air quality index of the day.
    Aqi,
}

impl Item {
    /// All seven: the six pollutants in [`Pollutant::ALL`] order, then the AQI.
    pub const ALL: [Item; 7] = [
        Item::Pollutant(Pollutant::So2),
        Item::Pollutant(Pollutant::No2),
        Item::Pollutant(Pollutant::Co),
        Item::Pollutant(Pollutant::O3),
        Item::Pollutant(Pollutant::Pm10),
        Item::Pollutant(Pollutant::Pm25),
        Item::Aqi,
    ];

    /// The word of the column `pollutant`, for example `O3_8h`.
    pub const fn code(self) -> &'static str {
        match self {
            Item::Pollutant(Pollutant::O3) => "O3_8h",
            Item::Pollutant(pollutant) => pollutant.code(),
            Item::Aqi => "AQI",
        }
    }

    /// The item a code stands for.
    pub fn from_code(code: &str) -> Option<Item> {
        Item::ALL.into_iter().find(|item| item.code() == code)
    }

    /// Place in [`Item::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Item::Pollutant(pollutant) => pollutant.index(),
            Item::Aqi => 6,
        }
    }
}

impl Serialize for Item {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Who made a forecast (预报者).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "lowercase")]
pub enum Author {
    /// A model run, by the model's name.
    Model(String),
    /// A person's bid (会商意见).
    Forecaster(String),
    /// The conclusion of a consultation (会商结论), by the room or the department.
    Conclusion(String),
}

impl Author {
    /// The name alone.
    pub fn id(&self) -> &str {
        match self {
            Author::Model(id) | Author::Forecaster(id) | Author::Conclusion(id) => id,
        }
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Who said something, when, and of which city and day (一次预报的由来).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Occasion {
    /// Day of the issue.
    pub issue: BeijingDay,
    /// Days ahead, from 1.
    pub lead_day: u8,
    /// The day that was forecast.
    pub date: BeijingDay,
    /// City.
    pub city: String,
    /// Whose forecast.
    pub author: Author,
    /// Observed level of the day, where the AQI was observed.
    pub observed_level: Option<AqiLevel>,
}

/// A distribution that was forecast (概率预报).
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Mean.
    pub mean: f64,
    /// Published quantiles, see [`QUANTILES`], ascending.
    pub quantiles: [f64; 5],
    /// Members, ascending; empty where only the quantiles are known.
    pub members: Vec<f64>,
}

impl Said {
    /// The distribution of a sample; `None` of an empty one or one with a value that is not finite.
    pub fn of_sample(mut members: Vec<f64>) -> Option<Said> {
        if members.is_empty() || members.iter().any(|value| !value.is_finite()) {
            return None;
        }
        members.sort_by(f64::total_cmp);
        let mean = members.iter().sum::<f64>() / members.len() as f64;
        Some(Said { mean, quantiles: QUANTILES.map(|p| quantile(&members, p)), members })
    }
}

/// What a forecast is compared with, always (参照预报).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reference {
    /// The 30 day values before the issue (气候态).
    Climatology,
    /// The last 24 hours before the issue, dressed with their own past errors (持续性).
    Persistence,
}

/// The same thing as the two references say it.
#[derive(Clone, Debug, PartialEq)]
pub struct References<T> {
    /// See [`Reference::Climatology`].
    pub climatology: Option<T>,
    /// See [`Reference::Persistence`].
    pub persistence: Option<T>,
}

impl<T> Default for References<T> {
    fn default() -> Self {
        References { climatology: None, persistence: None }
    }
}

impl<T> References<T> {
    /// One of the two.
    pub fn get(&self, reference: Reference) -> Option<&T> {
        match reference {
            Reference::Climatology => self.climatology.as_ref(),
            Reference::Persistence => self.persistence.as_ref(),
        }
    }
}

/// One forecast value beside its observation (预报实况对). µg/m³, CO mg/m³, AQI without unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Who, when, where.
    pub occasion: Occasion,
    /// Of what.
    pub item: Item,
    /// What was forecast.
    pub said: Said,
    /// What was observed.
    pub seen: f64,
    /// What the references say.
    pub references: References<Said>,
}

/// What was forecast of the index of a day (AQI 预报).
#[derive(Clone, Debug, PartialEq)]
pub struct IndexSaid {
    /// Published range, lower end first.
    pub range: (u16, u16),
    /// Level set, where it was given; empty = the levels the range touches.
    pub levels: Vec<AqiLevel>,
    /// Primary pollutants; `None` where nothing was said of them, empty where none is expected.
    pub primary: Option<Vec<Pollutant>>,
    /// Probability of an AQI above 150.
    pub p_aqi150: Option<f64>,
    /// Probability of an AQI above 200.
    pub p_aqi200: Option<f64>,
}

impl IndexSaid {
    /// The middle of the range; it is a published number, so a half is cut off.
    pub fn middle(&self) -> Aqi {
        let middle = (u32::from(self.range.0) + u32::from(self.range.1)) / 2;
        Aqi::new(middle.min(500) as u16).expect("the middle was just bounded by 500")
    }

    /// The levels that were forecast.
    pub fn levels(&self) -> Vec<AqiLevel> {
        if !self.levels.is_empty() {
            return self.levels.clone();
        }
        let level = |index: u16| AqiLevel::of(Aqi::new(index.min(500)).expect("bounded by 500"));
        let (low, high) = (level(self.range.0), level(self.range.1));
        AqiLevel::ALL.into_iter().filter(|level| (low..=high).contains(level)).collect()
    }
}

/// A forecast of the AQI beside what was observed.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexCase {
    /// Who, when, where.
    pub occasion: Occasion,
    /// What was forecast.
    pub said: IndexSaid,
    /// Observed AQI.
    pub seen: Aqi,
    /// Observed primary pollutants.
    pub primary: Vec<Pollutant>,
    /// What the references say.
    pub references: References<IndexSaid>,
}

/// A case that knows its occasion and can be told again as one of the references would have.
pub trait Told: Sized {
    /// Who, when, where.
    fn occasion(&self) -> &Occasion;
    /// The same case with the reference's forecast in place of the author's, so that every measure is
    /// computed for a reference exactly as for a forecaster.
    fn told_by(&self, reference: Reference) -> Option<Self>;
}

impl Told for Case {
    fn occasion(&self) -> &Occasion {
        &self.occasion
    }

    fn told_by(&self, reference: Reference) -> Option<Self> {
        let said = self.references.get(reference)?.clone();
        Some(Case { said, references: References::default(), occasion: self.occasion.clone(), ..*self })
    }
}

impl Told for IndexCase {
    fn occasion(&self) -> &Occasion {
        &self.occasion
    }

    fn told_by(&self, reference: Reference) -> Option<Self> {
        Some(IndexCase {
            occasion: self.occasion.clone(),
            said: self.references.get(reference)?.clone(),
            seen: self.seen,
            primary: self.primary.clone(),
            references: References::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(range: (u16, u16)) -> IndexSaid {
        IndexSaid { range, levels: vec![], primary: None, p_aqi150: None, p_aqi200: None }
    }

    #[test]
    fn a_range_touches_the_levels_between_its_ends() {
        assert_eq!(said((51, 100)).levels(), [AqiLevel::Moderate]);
        assert_eq!(said((50, 101)).levels(), [AqiLevel::Good, AqiLevel::Moderate, AqiLevel::LightlyPolluted]);
        assert_eq!(said((480, 500)).levels(), [AqiLevel::SeverelyPolluted]);
    }

    #[test]
    fn a_given_level_set_goes_before_the_range() {
        let given = IndexSaid { levels: vec![AqiLevel::Good], ..said((50, 101)) };
        assert_eq!(given.levels(), [AqiLevel::Good]);
    }

    #[test]
    fn every_item_is_found_by_its_code_and_ozone_is_the_eight_hour_one() {
        assert!(Item::ALL.into_iter().enumerate().all(|(n, item)| item.index() == n));
        assert!(Item::ALL.into_iter().all(|item| Item::from_code(item.code()) == Some(item)));
        assert_eq!(Item::from_code("O3_8h"), Some(Item::Pollutant(Pollutant::O3)));
        assert_eq!(Item::from_code("O3"), None);
    }

    #[test]
    fn a_sample_with_a_hole_is_no_distribution() {
        assert_eq!(Said::of_sample(vec![]), None);
        assert_eq!(Said::of_sample(vec![1.0, f64::NAN]), None);
        assert_eq!(Said::of_sample(vec![3.0, 1.0]).unwrap().members, [1.0, 3.0]);
    }
}
