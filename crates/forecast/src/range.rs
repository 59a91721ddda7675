use crate::ForecastError;
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
        let step = self.steps.iter().find(|step| centre.get() <= step.up_to);
        let half = step.map_or(0, |step| step.half_width);
        (centre.get().saturating_sub(half), (centre.get() + half).min(500))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_rule_widens_just_above_each_step() {
        let range = |centre| RangeRule::bundled().range(Aqi::new(centre).unwrap());
        assert_eq!([range(10), range(100), range(101)], [(0, 25), (85, 115), (81, 121)]);
        assert_eq!([range(150), range(151), range(201)], [(130, 170), (126, 176), (171, 231)]);
        assert_eq!(range(490), (460, 500));
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
