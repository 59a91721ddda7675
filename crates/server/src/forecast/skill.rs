//! How well the model and the references did lately (近期技巧), for the consultation and the model register.

use super::history::off_the_reactor;
use super::pairs::{Pairs, Target, pairs_of_runs};
use crate::figure::Figure;
use crate::{AppState, ServerError};
use ::forecast::verification::{Against, By, Compared, IndexScore, Item, Key, ValueScore, verify};
use serde::Serialize;
use units::{BeijingDay, Pollutant};
use utoipa::ToSchema;

/// Skill over the target days of a period, from the daily runs that are stored.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RecentSkill {
    #[schema(value_type = String, format = Date)]
    pub from: BeijingDay,
    #[schema(value_type = String, format = Date)]
    pub to: BeijingDay,
    /// Daily runs behind it.
    pub runs: usize,
    pub leads: Vec<LeadSkill>,
}

/// One lead day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LeadSkill {
    pub lead_day: u8,
    pub model: Standing,
    pub climatology: Option<Standing>,
    pub persistence: Option<Standing>,
}

/// One forecaster over the city days of one lead.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Standing {
    pub cases: usize,
    /// Mean absolute error of the median AQI, index points.
    #[schema(value_type = Option<f64>)]
    pub mae_aqi: Option<Figure>,
    /// Observed AQI within the published range, share.
    #[schema(value_type = Option<f64>)]
    pub range_hit: Option<Figure>,
    /// CRPS of the day mean of PM2.5, µg/m³.
    #[schema(value_type = Option<f64>)]
    pub crps_pm25: Option<Figure>,
}

/// Skill of the model, climatology and persistence by lead, over the `days` target days that end with `until`.
pub(crate) async fn skills(state: &AppState, until: BeijingDay, days: u16) -> Result<RecentSkill, ServerError> {
    let target = Target { from: until + 1 - i32::from(days.max(1)), to: until, lead: None };
    let (pairs, seed) = (pairs_of_runs(state, target).await?, state.options().seed);
    off_the_reactor(move || recent(&pairs, target, seed)).await
}

fn recent(pairs: &Pairs, target: Target, seed: u64) -> RecentSkill {
    let needed = [Item::Aqi, Item::Pollutant(Pollutant::Pm25)];
    let cases: Vec<_> = pairs.values.iter().filter(|case| needed.contains(&case.item)).cloned().collect();
    let scores = verify(&cases, &pairs.indices, &[By::Lead], seed);
    let lead_of = |key: &[Key]| match key {
        [Key::Number(lead)] => Some(*lead),
        _ => None,
    };
    let of_pm25 = |lead: u8| {
        let same = |item: &Item, key: &[Key]| *item == needed[1] && lead_of(key) == Some(lead);
        scores.iter().find(|score| same(&score.item, &score.key)).and_then(|score| score.value.as_ref())
    };
    let lead = |score: &::forecast::verification::GroupScore| {
        let lead_day = lead_of(&score.key)?;
        let (aqi, index, pm25) = (score.value.as_ref()?, score.index.as_ref(), of_pm25(lead_day));
        Some(LeadSkill {
            lead_day,
            model: standing(Some(&aqi.forecast), index.map(|i| &i.forecast), pm25.map(|pm25| &pm25.forecast))?,
            climatology: reference(aqi, index, pm25, |all| all.climatology.as_ref(), |all| all.climatology.as_ref()),
            persistence: reference(aqi, index, pm25, |all| all.persistence.as_ref(), |all| all.persistence.as_ref()),
        })
    };
    let leads = scores.iter().filter(|score| score.item == Item::Aqi).filter_map(lead).collect();
    RecentSkill { from: target.from, to: target.to, runs: pairs.runs, leads }
}

type Of<S> = fn(&Compared<S>) -> Option<&Against<S>>;

fn reference(
    aqi: &Compared<ValueScore>,
    index: Option<&Compared<IndexScore>>,
    pm25: Option<&Compared<ValueScore>>,
    of_value: Of<ValueScore>,
    of_index: Of<IndexScore>,
) -> Option<Standing> {
    let value = |all: Option<&'_ Compared<ValueScore>>| all.and_then(of_value).map(|against| against.reference.clone());
    let (aqi, pm25) = (value(Some(aqi)), value(pm25));
    standing(aqi.as_ref(), index.and_then(of_index).map(|against| &against.reference), pm25.as_ref())
}

fn standing(aqi: Option<&ValueScore>, index: Option<&IndexScore>, pm25: Option<&ValueScore>) -> Option<Standing> {
    let aqi = aqi?;
    Some(Standing {
        cases: aqi.cases,
        mae_aqi: Figure::rounded(aqi.mae.value, 1),
        range_hit: index.and_then(|index| Figure::rounded(index.range_hit.value, 3)),
        crps_pm25: pm25.and_then(|pm25| Figure::rounded(pm25.crps.value, 2)),
    })
}
