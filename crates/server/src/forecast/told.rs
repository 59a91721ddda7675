//! Episodes as the answers tell them.

use super::named::names;
use crate::figure::Figure;
use ::forecast::episode::{DaySpread, EndSpread, Episode, EpisodeDefinition, EpisodeOutlook, PeakSpread};
use ::forecast::episode::{episode_words, outlook_words};
use serde::Serialize;
use units::BeijingDay;
use utoipa::ToSchema;

/// What counts as an episode.
#[derive(Serialize, ToSchema)]
pub(super) struct Definition {
    id: String,
    title: String,
    title_en: String,
    /// `pm25`: day mean, µg/m³.
    measure: &'static str,
    bound: u16,
    fewest_days: usize,
    gap_days: usize,
    /// Cities on the same day that make it a day of the region.
    fewest_cities: usize,
}

/// An observed episode.
#[derive(Serialize, ToSchema)]
pub(super) struct ObservedEpisode {
    /// `city` or `region`.
    scope: &'static str,
    code: Option<String>,
    name: String,
    name_en: String,
    #[schema(value_type = String, format = Date)]
    onset: BeijingDay,
    #[schema(value_type = String, format = Date)]
    peak_day: BeijingDay,
    /// Day mean, µg/m³.
    peak_value: Option<Figure>,
    /// Last day above the bound; `null` while it may go on.
    #[schema(value_type = Option<String>, format = Date)]
    end: Option<BeijingDay>,
    /// Codes of the cities above the bound during it.
    cities: Vec<String>,
    text: String,
    text_en: String,
}

/// What the members say of an episode. The spreads are over the members with an episode, `null` without one.
#[derive(Serialize, ToSchema)]
pub(super) struct ForecastEpisode {
    /// `city` or `region`.
    scope: &'static str,
    code: Option<String>,
    name: String,
    name_en: String,
    /// Share of the members with an episode within the forecast days.
    probability: Option<Figure>,
    /// An observed episode had not ended before them.
    already_going: bool,
    onset: Option<Days>,
    peak_day: Option<Days>,
    peak_value: Option<Values>,
    end: Option<Ends>,
    text: String,
    text_en: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Days {
    #[schema(value_type = String, format = Date)]
    q10: BeijingDay,
    #[schema(value_type = String, format = Date)]
    q50: BeijingDay,
    #[schema(value_type = String, format = Date)]
    q90: BeijingDay,
    #[schema(value_type = String, format = Date)]
    mode: BeijingDay,
}

/// µg/m³.
#[derive(Serialize, ToSchema)]
pub(super) struct Values {
    q10: Option<Figure>,
    q50: Option<Figure>,
    q90: Option<Figure>,
}

/// `null` days lie beyond the forecast.
#[derive(Serialize, ToSchema)]
pub(super) struct Ends {
    #[schema(value_type = Option<String>, format = Date)]
    q10: Option<BeijingDay>,
    #[schema(value_type = Option<String>, format = Date)]
    q50: Option<BeijingDay>,
    #[schema(value_type = Option<String>, format = Date)]
    q90: Option<BeijingDay>,
    #[schema(value_type = Option<String>, format = Date)]
    mode: Option<BeijingDay>,
    /// Share of the members in which it may go on after the last forecast day.
    beyond: Option<Figure>,
}

impl From<&EpisodeDefinition> for Definition {
    fn from(definition: &EpisodeDefinition) -> Definition {
        Definition {
            id: definition.id.clone(),
            title: definition.title.clone(),
            title_en: definition.title_en.clone(),
            measure: "pm25",
            bound: definition.bound,
            fewest_days: definition.fewest_days,
            gap_days: definition.gap_days,
            fewest_cities: definition.fewest_cities,
        }
    }
}

impl ObservedEpisode {
    pub(super) fn of(definition: &EpisodeDefinition, episode: &Episode) -> ObservedEpisode {
        let (name, words) = (names(episode.city.as_deref()), episode_words(definition, episode, &names));
        ObservedEpisode {
            scope: scope(episode.city.as_ref()),
            code: episode.city.clone(),
            name: name.text,
            name_en: name.text_en,
            onset: episode.onset,
            peak_day: episode.peak_day,
            peak_value: Figure::rounded(episode.peak_value, 0),
            end: episode.end,
            cities: episode.cities.clone(),
            text: words.text,
            text_en: words.text_en,
        }
    }
}

impl ForecastEpisode {
    pub(super) fn of(definition: &EpisodeDefinition, outlook: &EpisodeOutlook) -> ForecastEpisode {
        let (name, words) = (names(outlook.city.as_deref()), outlook_words(definition, outlook, &names));
        ForecastEpisode {
            scope: scope(outlook.city.as_ref()),
            code: outlook.city.clone(),
            name: name.text,
            name_en: name.text_en,
            probability: Figure::rounded(outlook.probability, 3),
            already_going: outlook.going_since.is_some(),
            onset: outlook.onset.map(Days::from),
            peak_day: outlook.peak_day.map(Days::from),
            peak_value: outlook.peak_value.map(Values::from),
            end: outlook.end.map(Ends::from),
            text: words.text,
            text_en: words.text_en,
        }
    }
}

impl From<DaySpread> for Days {
    fn from(DaySpread { q10, q50, q90, mode }: DaySpread) -> Days {
        Days { q10, q50, q90, mode }
    }
}

impl From<PeakSpread> for Values {
    fn from(peak: PeakSpread) -> Values {
        let [q10, q50, q90] = [peak.q10, peak.q50, peak.q90].map(|value| Figure::rounded(value, 0));
        Values { q10, q50, q90 }
    }
}

impl From<EndSpread> for Ends {
    fn from(EndSpread { q10, q50, q90, mode, beyond }: EndSpread) -> Ends {
        Ends { q10, q50, q90, mode, beyond: Figure::rounded(beyond, 3) }
    }
}

fn scope(city: Option<&String>) -> &'static str {
    if city.is_some() { "city" } else { "region" }
}
