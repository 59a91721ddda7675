//! Pollution episodes (污染过程): what was observed, and what the members say of onset, peak and end.
//!
//! An episode is a run of days above a bound, by an [`EpisodeDefinition`]. The region is one more day series:
//! what at least the fewest cities reach, so that one rule serves cities and region alike.

mod definition;
mod observed;
mod outlook;
mod words;

pub use definition::{EpisodeDefinition, EpisodeMeasure};
pub use observed::{Episode, city_episodes, episodes, region_episodes};
pub use outlook::{DaySpread, EndSpread, EpisodeOutlook, PeakSpread, outlooks};
pub use words::{episode_words, outlook_words};

/// A definition on PM2.5 above 150 for tests, of one city.
#[cfg(test)]
pub(crate) fn definition_of(fewest_days: usize, gap_days: usize) -> EpisodeDefinition {
    let heavy = EpisodeDefinition::named("pm25-150").expect("a bundled definition");
    EpisodeDefinition { fewest_days, gap_days, fewest_cities: 1, ..heavy.clone() }
}
