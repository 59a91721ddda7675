use crate::engine::Reading;
use crate::{Condition, Plan, Response, Rule};
use serde::Serialize;
use std::collections::BTreeSet;
use units::WarningLevel;

/// What does not hold together in a plan (预案缺陷).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanFault {
    /// Stable name.
    pub name: &'static str,
    /// Whether the plan cannot be put into force with it; otherwise it is worth a look.
    pub blocks: bool,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Settings that `configured` can name.
const SETTINGS: [&str; 14] = [
    "levels",
    "reduction",
    "reduction.VOCs",
    "window",
    "act_at",
    "merge_hours",
    "lift_below_hours",
    "lead_hours",
    "max_forecast_age_hours",
    "late",
    "causes",
    "precontrol",
    "linkage",
    "policy",
];
/// Longest condition that a file can hold, hours.
const MOST_HOURS: usize = 240;

impl Plan {
    /// Everything that does not hold together, given how many hours a forecast covers; empty when all is well.
    pub fn validate(&self, forecast_hours: u32) -> Vec<PlanFault> {
        let mut faults = Faults::default();
        self.levels_fit(forecast_hours, &mut faults);
        self.settings_fit(forecast_hours, &mut faults);
        self.areas_fit(&mut faults);
        faults.0
    }

    fn levels_fit(&self, forecast_hours: u32, faults: &mut Faults) {
        for level in &self.levels {
            let (name, code) = (level.level.name(), level.level.code());
            let hours = least_hours(&level.when);
            if hours > forecast_hours {
                faults.block(
                    "beyond_forecast",
                    format!("{name}预警至少需要 {hours} 小时，预报只有 {forecast_hours} 小时，永远不会建议"),
                    format!(
                        "{code} needs at least {hours} hours and a forecast has {forecast_hours}: it is never proposed"
                    ),
                );
            }
        }
        for pair in self.levels.windows(2) {
            let [low, high] = pair else { continue };
            let (low_name, high_name) = (low.level.name(), high.level.name());
            let met = |rule: &Rule| probes().map(|course| self.met(rule, &course)).collect::<Vec<bool>>();
            let (low_met, high_met) = (met(&low.when), met(&high.when));
            if low_met == high_met {
                faults.block(
                    "level_unreachable",
                    format!("{low_name}预警永远不会建议：满足它时总是同时满足{high_name}"),
                    format!("{} is never proposed: whatever meets it meets {}", low.level.code(), high.level.code()),
                );
            } else if low_met.iter().zip(&high_met).any(|(low, high)| *high && !*low) {
                faults.note(
                    "higher_without_lower",
                    format!("{high_name}预警可以在不满足{low_name}条件时启动"),
                    format!("{} can be met without {}", high.level.code(), low.level.code()),
                );
            }
            for ((pollutant, lower), (_, higher)) in low.reduction.by_name().into_iter().zip(high.reduction.by_name()) {
                if higher < lower {
                    faults.block(
                        "reduction_falls",
                        format!("{pollutant} 的最低减排比例{high_name}低于{low_name}"),
                        format!(
                            "the least cut of {pollutant} is lower at {} than at {}",
                            high.level.code(),
                            low.level.code()
                        ),
                    );
                }
            }
        }
        let absent = WarningLevel::ALL.into_iter().filter(|level| self.levels.iter().all(|rule| rule.level != *level));
        for level in absent {
            faults.note(
                "level_absent",
                format!("没有{}预警", level.name()),
                format!("there is no {} level", level.code()),
            );
        }
    }

    fn settings_fit(&self, forecast_hours: u32, faults: &mut Faults) {
        let cost = self.policy.acting_probability();
        if !cost.is_finite() || self.policy.miss_cost <= 0.0 || self.policy.false_alarm_cost <= 0.0 {
            faults.block(
                "costs",
                "漏报与空报代价须大于 0".into(),
                "the costs of a miss and of a false alarm are above 0".into(),
            );
        } else if (cost - self.act_at).abs() > 0.005 {
            faults.block(
                "act_at_against_costs",
                format!("act_at 为 {}，而代价之比给出 {cost:.2}", self.act_at),
                format!("act_at is {} while the costs give {cost:.2}", self.act_at),
            );
        }
        if self.policy.keep_at.get() > self.act_at {
            faults.block(
                "keep_above_act",
                "keep_at 高于 act_at，级别会在启动后立即撤下".into(),
                "keep_at is above act_at: a level would be dropped as soon as it is taken up".into(),
            );
        }
        if self.lead_hours + 24 > forecast_hours {
            faults.block(
                "lead_beyond_forecast",
                format!("提前量 {} 小时之后，{forecast_hours} 小时的预报不足一个 24 小时", self.lead_hours),
                format!(
                    "after a lead of {} hours a forecast of {forecast_hours} has no 24 hours left",
                    self.lead_hours
                ),
            );
        }
        if self.effective_until.is_some_and(|last| last < self.effective_from) {
            faults.block("never_in_force", "失效日期早于生效日期".into(), "it ends before it takes effect".into());
        }
        let causes: BTreeSet<_> = self.causes.iter().map(|one| one.cause).collect();
        if causes.len() != self.causes.len() {
            faults.block("cause_twice", "同一污染成因出现两次".into(), "a cause is named twice".into());
        }
        if !self.causes.iter().any(|one| one.response == Response::Full) {
            faults.block(
                "no_full_response",
                "没有任何成因启动应急响应".into(),
                "no cause leads to the full response".into(),
            );
        }
        for name in
            self.configured.iter().filter(|name| !SETTINGS.contains(&name.as_str()) && *name != "effective_from")
        {
            faults.note(
                "unknown_setting",
                format!("configured 中的 {name:?} 不是设置名"),
                format!("configured names {name:?}, which is no setting"),
            );
        }
    }

    /// Areas may lie within one another; areas that overlap in part would give a city two prompts.
    fn areas_fit(&self, faults: &mut Faults) {
        for (number, one) in self.linkage.iter().enumerate() {
            for other in &self.linkage[number + 1..] {
                let within = |a: &crate::Linkage, b: &crate::Linkage| {
                    a.regions.iter().all(|x| b.regions.iter().any(|y| y.contains(*x)))
                };
                let touch = one.regions.iter().any(|x| other.regions.iter().any(|y| x.contains(*y) || y.contains(*x)));
                if one.id == other.id || (touch && !within(one, other) && !within(other, one)) {
                    faults.block(
                        "linkage_overlaps",
                        format!("联动区域 {} 与 {} 交叉", one.id, other.id),
                        format!("the areas {} and {} overlap in part", one.id, other.id),
                    );
                }
            }
        }
    }

    fn met(&self, rule: &Rule, course: &[i16]) -> bool {
        let alone = crate::LevelRule { when: rule.clone(), ..self.levels[0].clone() };
        let plan = Plan { levels: vec![alone], ..self.clone() };
        Reading::new(&plan, 24).highest(course).is_some()
    }
}

#[derive(Default)]
struct Faults(Vec<PlanFault>);

impl Faults {
    fn block(&mut self, name: &'static str, zh: String, en: String) {
        self.0.push(PlanFault { name, blocks: true, zh, en });
    }

    fn note(&mut self, name: &'static str, zh: String, en: String) {
        self.0.push(PlanFault { name, blocks: false, zh, en });
    }
}

/// Courses of one or two steps that tell conditions apart: so many hours of one index, some of them of a higher one.
fn probes() -> impl Iterator<Item = Vec<i16>> {
    const INDICES: [i16; 8] = [51, 101, 151, 201, 251, 301, 401, 500];
    let steps = || (1..=MOST_HOURS / 24).map(|days| days * 24);
    let course = |base: i16, hours: usize, top: i16, top_hours: usize| {
        let index = |column: usize| match column {
            column if column < top_hours => top,
            column if column < hours => base,
            _ => 0,
        };
        (0..MOST_HOURS).map(index).collect::<Vec<i16>>()
    };
    INDICES.into_iter().flat_map(move |base| {
        INDICES.into_iter().filter(move |top| *top >= base).flat_map(move |top| {
            steps().flat_map(move |hours| {
                [24, 48, 72]
                    .into_iter()
                    .filter(move |part| *part <= hours)
                    .map(move |part| course(base, hours, top, part))
            })
        })
    })
}

/// The fewest hours in which a rule can be met.
fn least_hours(rule: &Rule) -> u32 {
    match rule {
        Rule::Condition(Condition { hours, .. }) => *hours,
        Rule::AnyOf { any_of } => any_of.iter().map(least_hours).min().unwrap_or(u32::MAX),
        Rule::AllOf { all_of } => all_of.iter().map(least_hours).max().unwrap_or(0),
    }
}
