//! Rules and counter-facts in words, Chinese and English.

use crate::plan::{Plan, Rule, Window};
use units::WarningLevel;

/// How far a level is from being met or missed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Distance {
    /// PM2.5 of every hour lower (or higher) by this many percent.
    Percent(u32),
    /// Every 24-hour AQI lower (or higher) by this much.
    Index(u32),
}

/// How hours are counted, in Chinese and English.
pub(crate) fn window(window: Window) -> (&'static str, &'static str) {
    match window {
        Window::Blocks => ("相邻 24 小时均值", "means of adjacent 24 hours"),
        Window::CalendarDays => ("日均值", "day means"),
        Window::Running => ("滑动 24 小时均值", "running 24-hour means"),
    }
}

/// A rule in Chinese.
pub(crate) fn rule_zh(plan: &Plan, rule: &Rule) -> String {
    let joined = |rules: &[Rule], with: &str| rules.iter().map(|r| rule_zh(plan, r)).collect::<Vec<_>>().join(with);
    match rule {
        Rule::Condition(condition) => {
            let (window, _) = window(plan.window);
            format!("AQI（{window}）大于 {} 持续 {} 小时及以上", condition.aqi_gt, condition.hours)
        }
        Rule::AnyOf { any_of } => joined(any_of, "，或 "),
        Rule::AllOf { all_of } => joined(all_of, "，且 "),
    }
}

/// A rule in English.
pub(crate) fn rule_en(plan: &Plan, rule: &Rule) -> String {
    let joined = |rules: &[Rule], with: &str| rules.iter().map(|r| rule_en(plan, r)).collect::<Vec<_>>().join(with);
    match rule {
        Rule::Condition(condition) => {
            let (_, window) = window(plan.window);
            format!("AQI ({window}) above {} for {} hours or longer", condition.aqi_gt, condition.hours)
        }
        Rule::AnyOf { any_of } => joined(any_of, ", or "),
        Rule::AllOf { all_of } => joined(all_of, ", and "),
    }
}

/// What would undo a level that is met, in Chinese and English.
pub(crate) fn undone(level: WarningLevel, act_at: f64, distance: Distance) -> (String, String) {
    let (zh, en) = (level.name(), level.code());
    match distance {
        Distance::Percent(percent) => (
            format!("若各时 PM2.5 比预报低 {percent}%，达到{zh}的成员比例将低于 {act_at}"),
            format!("with hourly PM2.5 {percent} % lower than forecast, fewer than {act_at} of the members meet {en}"),
        ),
        Distance::Index(points) => (
            format!("若各 24 小时 AQI 比预报低 {points}，达到{zh}的成员比例将低于 {act_at}"),
            format!(
                "with every 24-hour AQI {points} lower than forecast, fewer than {act_at} of the members meet {en}"
            ),
        ),
    }
}

/// What would bring about a level that is not met, in Chinese and English.
pub(crate) fn brought_about(level: WarningLevel, act_at: f64, distance: Distance) -> (String, String) {
    let (zh, en) = (level.name(), level.code());
    match distance {
        Distance::Percent(percent) => (
            format!("若各时 PM2.5 比预报高 {percent}%，达到{zh}的成员比例将达到 {act_at}"),
            format!("with hourly PM2.5 {percent} % higher than forecast, {act_at} of the members meet {en}"),
        ),
        Distance::Index(points) => (
            format!("若各 24 小时 AQI 比预报高 {points}，达到{zh}的成员比例将达到 {act_at}"),
            format!("with every 24-hour AQI {points} higher than forecast, {act_at} of the members meet {en}"),
        ),
    }
}
