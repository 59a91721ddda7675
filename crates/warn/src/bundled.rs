use crate::{Plan, WarnError};
use units::{BeijingDay, RegionCode, RegionLevel};

/// The plans that come with the program, oldest first.
const BUNDLED: [(&str, &str); 3] = [
    ("national-2018", include_str!("../../../data/plans/national-2018.toml")),
    ("national-2024", include_str!("../../../data/plans/national-2024.toml")),
    ("jiangsu-2025", include_str!("../../../data/plans/jiangsu-2025.toml")),
];

impl Plan {
    /// A plan that comes with the program; refuses `W-102` naming those that do.
    pub fn bundled(id: &str) -> Result<Plan, WarnError> {
        let known = || BUNDLED.map(|(id, _)| id).join(", ");
        let (id, text) = BUNDLED
            .iter()
            .find(|(name, _)| *name == id)
            .ok_or_else(|| WarnError::UnknownPlan { id: id.to_string(), known: known() })?;
        Plan::parse(id, text)
    }

    /// The file of a plan that comes with the program.
    pub fn bundled_text(id: &str) -> Option<&'static str> {
        BUNDLED.iter().find(|(name, _)| *name == id).map(|(_, text)| *text)
    }

    /// Ids of the bundled plans, oldest first.
    pub fn bundled_ids() -> [&'static str; 3] {
        BUNDLED.map(|(id, _)| id)
    }

    /// All bundled plans, oldest first.
    pub fn all() -> Result<Vec<Plan>, WarnError> {
        BUNDLED.iter().map(|(id, text)| Plan::parse(id, text)).collect()
    }

    /// The newest bundled plan, by which an exercise on past data is rehearsed.
    pub fn newest() -> Result<Plan, WarnError> {
        Plan::bundled(BUNDLED[BUNDLED.len() - 1].0)
    }

    /// Whether it is in effect on a day.
    pub fn in_effect(&self, day: BeijingDay) -> bool {
        self.effective_from <= day && self.effective_until.is_none_or(|last| day <= last)
    }
}

/// The plan by which a region decides on a day (现行预案): the most local of those in effect.
///
/// Refuses `W-104` when there is none and `W-105` when two of the same area are in effect at once: which of them holds is
/// for people to say.
pub fn plan_in_force(plans: &[Plan], region: RegionCode, day: BeijingDay) -> Result<&Plan, WarnError> {
    let applies = |plan: &&Plan| plan.in_effect(day) && plan.region.is_none_or(|area| area.contains(region));
    let nearest = plans.iter().filter(applies).map(locality).max();
    let nearest = nearest.ok_or_else(|| WarnError::NoPlan { region, day: day.to_string() })?;
    let found: Vec<&Plan> = plans.iter().filter(applies).filter(|plan| locality(plan) == nearest).collect();
    match found.as_slice() {
        [one] => Ok(one),
        several => {
            let plans = several.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>().join(", ");
            Err(WarnError::PlansOverlap { plans, region, day: day.to_string() })
        }
    }
}

/// Country, province, city, county.
fn locality(plan: &Plan) -> u8 {
    match plan.region.map(RegionCode::level) {
        None => 0,
        Some(RegionLevel::Province) => 1,
        Some(RegionLevel::City) => 2,
        Some(RegionLevel::County) => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(region: &str, day: &str) -> Result<String, String> {
        let plans = Plan::all().unwrap();
        let found = plan_in_force(&plans, region.parse().unwrap(), day.parse().unwrap());
        found.map(|plan| plan.id.clone()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_day_and_the_region_pick_one_plan() {
        for (region, day, expected) in [
            ("320300", "2018-01-01", "national-2018"),
            ("320300", "2023-12-31", "national-2018"),
            ("320300", "2024-01-01", "national-2024"),
            ("320300", "2025-05-15", "national-2024"),
            ("320300", "2025-05-16", "jiangsu-2025"),
            ("330100", "2025-05-16", "national-2024"),
        ] {
            assert_eq!(on(region, day).as_deref(), Ok(expected), "{region} {day}");
        }
        assert!(on("320300", "2017-12-31").unwrap_err().starts_with("W-104"));
    }

    #[test]
    fn two_plans_of_one_area_at_once_are_refused_by_name() {
        let mut plans = Plan::all().unwrap();
        plans[0].effective_until = None;
        let refused = plan_in_force(&plans, "330100".parse().unwrap(), "2024-06-01".parse().unwrap()).unwrap_err();
        assert!(refused.to_string().starts_with("W-105 plans national-2018, national-2024"), "{refused}");
    }

    #[test]
    fn an_unknown_plan_is_refused_with_the_names_of_the_known() {
        let error = Plan::bundled("national-2030").unwrap_err().to_string();
        assert!(error.starts_with("W-102") && error.contains("national-2018, national-2024, jiangsu-2025"), "{error}");
    }
}
