//! The levels of the plan that a warning goes by, in words, with their least cuts.

use super::basis::plans;
use super::proposal::in_words;
use super::view::{LevelTerms, Ratio};
use crate::figure::Figure;
use crate::{AppState, ServerError};
use ::warn::{Basis, LevelRule, Plan};

/// Of the plan as it is on file; nothing of one that is not on file any more.
pub(super) async fn levels(state: &AppState, basis: &Basis) -> Result<Vec<LevelTerms>, ServerError> {
    let plans = plans(state).await?;
    Ok(plans.iter().find(|plan| plan.id == basis.plan.id).map(of_plan).unwrap_or_default())
}

fn of_plan(plan: &Plan) -> Vec<LevelTerms> {
    plan.levels.iter().map(of_level).collect()
}

fn of_level(rule: &LevelRule) -> LevelTerms {
    let (text, text_en) = in_words(&rule.when);
    let thresholds = rule.when.bounds().into_iter().collect();
    LevelTerms { level: rule.level.code(), text, text_en, thresholds, ratios: ratios(rule) }
}

/// Least cuts in percent.
pub(super) fn ratios(rule: &LevelRule) -> Vec<Ratio> {
    let ratio = |(pollutant, share): (&'static str, units::Share)| Ratio {
        pollutant,
        percent: Figure::rounded(share.get() * 100.0, 1),
    };
    rule.reduction.by_name().map(ratio).into()
}
