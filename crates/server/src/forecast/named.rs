//! Names of cities and what the numbers of a run say, in words of both languages.

use crate::sight::city;
use ::forecast::{Flag, Words};
use serde::Serialize;
use utoipa::ToSchema;

/// A generated sentence in both languages.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(super) struct Said {
    pub text: String,
    pub text_en: String,
}

/// Something a reader must know, under a code that stays.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Flagged {
    code: &'static str,
    text: String,
    text_en: String,
}

/// A city or the region.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Place {
    /// GB/T 2260; `null` is the region.
    pub code: Option<String>,
    pub name: String,
    pub name_en: String,
}

impl From<Words> for Said {
    fn from(words: Words) -> Said {
        Said { text: words.text, text_en: words.text_en }
    }
}

impl Said {
    pub(super) fn new(text: impl Into<String>, text_en: impl Into<String>) -> Said {
        Said { text: text.into(), text_en: text_en.into() }
    }
}

impl Flagged {
    /// Without its code.
    pub(super) fn said(self) -> Said {
        Said { text: self.text, text_en: self.text_en }
    }
}

impl Place {
    /// The place of a city as a run names it, or of the region.
    pub(super) fn of(code: Option<&str>) -> Place {
        let words = names(code);
        Place { code: code.map(String::from), name: words.text, name_en: words.text_en }
    }
}

/// What a city or the region is called in generated sentences.
pub(super) fn names(code: Option<&str>) -> Words {
    let (text, text_en) = match code {
        None => ("全省".to_string(), "The province".to_string()),
        Some(code) => match city(code) {
            Ok(region) => (region.name.clone(), region.name_en.clone()),
            Err(_) => (code.to_string(), code.to_string()),
        },
    };
    Words { text, text_en }
}

/// The city a flag is about; `None` is the whole run.
pub(super) fn city_of(flag: &Flag) -> Option<&str> {
    match flag {
        Flag::Missing { city, .. } | Flag::Stuck { city, .. } => Some(city),
        Flag::ModelKnowsLater { .. } | Flag::Stale { .. } | Flag::NotForecast { .. } | Flag::WithoutExtra { .. } => {
            None
        }
    }
}

/// A flag in words; of a city's, the city is known from where it stands.
pub(super) fn flagged(flag: &Flag) -> Flagged {
    let (code, text, text_en) = match flag {
        Flag::ModelKnowsLater { trained_until } => (
            "model-knows-later",
            format!("模型训练资料截至 {trained_until}，晚于起报时间，不是真正的预报"),
            format!("the model was trained until {trained_until}, after the issue: this is no honest forecast"),
        ),
        Flag::Stale { last } => ("stale", format!("最新实况为 {last}"), format!("the newest observation is of {last}")),
        Flag::NotForecast { pollutant } => (
            "not-forecast",
            format!("训练资料不足，本模型不预报 {}", pollutant.code()),
            format!("{} is not forecast by this model for want of training hours", pollutant.code()),
        ),
        Flag::WithoutExtra { name } => (
            "without-extra",
            format!("缺少附加因子“{name}”，本次起报不用附加因子"),
            format!("{name} is missing: the run is made without further predictors"),
        ),
        Flag::Missing { pollutant, .. } => (
            "missing",
            format!("近期 {} 实况不足，本次未预报该项，AQI 不含该项", pollutant.code()),
            format!("{} is not forecast for want of recent hours; the AQI goes without it", pollutant.code()),
        ),
        Flag::Stuck { pollutant, .. } => (
            "stuck",
            format!("{} 最近 24 小时数值不变，疑似仪器停滞", pollutant.code()),
            format!("{} has stood still for 24 hours", pollutant.code()),
        ),
    };
    Flagged { code, text, text_en }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Pollutant;

    #[test]
    fn a_city_is_called_by_its_name_the_region_by_the_province_and_a_stranger_by_its_code() {
        assert_eq!(names(Some("320100")).text, "南京");
        assert_eq!(names(None).text_en, "The province");
        assert_eq!(Place::of(Some("x")).name, "x");
    }

    #[test]
    fn a_flag_of_a_city_stands_with_the_city() {
        let flag = Flag::Missing { city: "320100".into(), pollutant: Pollutant::O3 };
        assert_eq!((city_of(&flag), flagged(&flag).code), (Some("320100"), "missing"));
        assert_eq!(city_of(&Flag::NotForecast { pollutant: Pollutant::Co }), None);
    }
}
