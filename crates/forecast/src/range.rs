use crate::ForecastError;
use crate::measures::quantile;
use serde::Deserialize;
use std::sync::LazyLock;
use units::Aqi;

static BUNDLED: LazyLock<RangeRule> = LazyLock::new(|| {
    RangeRule::parse("aqi-range-r15.toml", include_str!("../data/aqi-range-r15.toml"))
        .expect("the bundled rule is checked by a test")
});

/// How wide the published AQI range is (预报区间). Configuration with its confidence, not law.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct RangeRule {
    /// Identifier, named beside every range.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Where the widths come from and how sure they are.
    pub confidence: String,
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
struct Step {
    up_to: u16,
    half_width: u16,
}

impl RangeRule {
    /// The rule that is used when no other is configured.
    pub fn bundled() -> &'static RangeRule {
        &BUNDLED
    }

    /// Reads a rule; refuses `F-107` when it does not parse, its steps do not rise, or they stop below 500.
    pub fn parse(file: &str, text: &str) -> Result<RangeRule, ForecastError> {
        let refused = |reason: String| ForecastError::RangeRule { file: file.to_string(), reason };
        let rule: RangeRule = toml::from_str(text).map_err(|error| refused(error.to_string()))?;
        if !rule.steps.is_sorted_by(|a, b| a.up_to < b.up_to) {
            return Err(refused("the steps must rise".into()));
        }
        match rule.steps.last() {
            Some(last) if last.up_to >= 500 => Ok(rule),
            _ => Err(refused("the last step must reach 500".into())),
        }
    }

    /// The published range around a centre, within 0 to 500.
    pub fn range(&self, centre: Aqi) -> (u16, u16) {
        let half = self.half_width(centre.get());
        (centre.get().saturating_sub(half), (centre.get() + half).min(500))
    }

    /// The range of this rule that holds the most of an ascending sample for its width (单位宽度成员最多的区间).
    ///
    /// Its centre lies between the quartiles; of equals the one nearest the median is taken. Around the median of a
    /// skewed sample the range reaches further up than the members do, and is a step wider for it. `None` of no member.
    pub(crate) fn holding(&self, sorted: &[f64]) -> Option<(u16, u16)> {
        let [low, median, high] = [0.25, 0.5, 0.75].map(|p| quantile(sorted, p).clamp(0.0, 500.0).round() as u16);
        let held = |centre: u16| {
            let half = self.half_width(centre);
            let (lo, hi) = (f64::from(centre.saturating_sub(half)), f64::from((centre + half).min(500)));
            let inside = sorted.partition_point(|index| *index <= hi) - sorted.partition_point(|index| *index < lo);
            inside as f64 / f64::from(half.max(1))
        };
        let off = |centre: u16| centre.abs_diff(median);
        let better = |a: &u16, b: &u16| held(*a).total_cmp(&held(*b)).then(off(*b).cmp(&off(*a)));
        let centre = (low..=high).filter(|_| !sorted.is_empty()).max_by(better)?;
        Some(self.range(Aqi::new(centre).ok()?))
    }

    fn half_width(&self, centre: u16) -> u16 {
        self.steps.iter().find(|step| centre <= step.up_to).map_or(0, |step| step.half_width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bundled_rule_widens_just_above_each_step() {
        let range = |centre| RangeRule::bundled().range(Aqi::new(centre).unwrap());
        assert_eq!([range(10), range(100), range(101)], [(0, 25), (85, 115), (81, 121)]);
        assert_eq!([range(150), range(151), range(201)], [(130, 170), (126, 176), (171, 231)]);
        assert_eq!(range(490), (460, 500));
    }

    #[test]
    fn the_range_lies_where_the_members_are() {
        let of = |members: &[f64]| RangeRule::bundled().holding(members);
        assert_eq!(of(&[80.0; 5]), Some((65, 95)));
        let skewed: Vec<f64> =
            (0..20).map(|n| 60.0 + f64::from(n)).chain((0..10).map(|n| 90.0 + 9.0 * f64::from(n))).collect();
        let (lo, hi) = of(&skewed).unwrap();
        assert!(lo <= 60 && (79..=90).contains(&hi), "{lo} to {hi}");
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn a_wider_step_is_taken_only_for_enough_more_members() {
        let members = |above: usize| -> Vec<f64> { [vec![100.0; 20], vec![118.0; above]].concat() };
        let width = |above: usize| RangeRule::bundled().holding(&members(above)).map(|(lo, hi)| hi - lo);
        assert_eq!([6, 7].map(width), [Some(30), Some(40)]);
    }

    proptest! {
        #[test]
        fn a_range_of_any_members_is_of_the_rule_and_within_the_scale(
            mut members in prop::collection::vec(0u16..=500, 1..40)
        ) {
            members.sort_unstable();
            let members: Vec<f64> = members.into_iter().map(f64::from).collect();
            let (lo, hi) = RangeRule::bundled().holding(&members).unwrap();
            prop_assert!(lo < hi && hi <= 500 && hi - lo <= 60);
            prop_assert!(members.iter().any(|index| (f64::from(lo)..=f64::from(hi)).contains(index)));
        }
    }

    #[test]
    fn falling_steps_and_a_short_table_are_refused_with_the_file() {
        let head = "id='x'\ntitle='x'\ntitle_en='x'\nconfidence='x'\n";
        for steps in ["steps=[{up_to=500,half_width=1},{up_to=100,half_width=1}]", "steps=[{up_to=100,half_width=1}]"] {
            let error = RangeRule::parse("x.toml", &format!("{head}{steps}")).unwrap_err().to_string();
            assert!(error.starts_with("F-107 range rule x.toml"), "{error}");
        }
    }
}
