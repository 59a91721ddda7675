use super::area::Context;
use crate::rules::CountedDay;
use crate::{DayCounts, DayMeans, DustConvention};
use units::{BeijingDay, Pollutant};

/// Day counts of an area (天数统计).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DayTally {
    pub counted: u32,
    pub good: u32,
    pub heavy: u32,
}

const PARTICLES: [Pollutant; 2] = [Pollutant::Pm10, Pollutant::Pm25];

impl Context<'_> {
    /// Counts the days of an area under a sand-dust convention; `dusty[i]` marks day `i`.
    pub fn count(&self, days: &[DayMeans], dusty: &[bool], convention: &DustConvention) -> DayTally {
        let rule = &self.rules.validity.counted_day;
        let mut tally = DayTally::default();
        for ((place, day), dust) in days.iter().enumerate().zip(dusty) {
            let treatment = if *dust { convention.days } else { DayCounts::Keep };
            let Some(aqi) = self.counted_index(self.from + place as i32, day, treatment) else { continue };
            if treatment == DayCounts::RemoveExceedances && aqi > rule.good_up_to {
                continue;
            }
            tally.counted += 1;
            tally.good += u32::from(aqi <= rule.good_up_to);
            tally.heavy += u32::from(aqi > rule.heavy_above);
        }
        tally
    }

    /// The index of a day if the day counts.
    fn counted_index(&self, date: BeijingDay, day: &DayMeans, treatment: DayCounts) -> Option<u16> {
        let left_out: &[Pollutant] = if treatment == DayCounts::WithoutParticles { &PARTICLES } else { &[] };
        let mut means = self.rules.round_day(day);
        if !left_out.is_empty() {
            (means.pm10, means.pm25) = (None, None);
        }
        let aqi = self.standard.edition(date).day_aqi_without(&means, left_out).aqi?.get();
        let complete = Pollutant::ALL
            .iter()
            .all(|pollutant| left_out.contains(pollutant) || means.evaluated(*pollutant).is_some());
        let rule = &self.rules.validity.counted_day;
        (complete || rule.rule == CountedDay::AnyIndex || aqi > rule.good_up_to).then_some(aqi)
    }
}
