use crate::{ConcludedDay, DayCall, Material};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{AqiLevel, BeijingDay, Pollutant};

/// What is published (发布文本), made from the numbers alone: the same numbers give the same words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// The text of a conclusion, day by day and city by city. What people wrote is no part of it, so that no number in it
/// can differ from the table.
pub fn publication(material: &Material, days: &[ConcludedDay]) -> Publication {
    let mut by_lead: BTreeMap<u8, Vec<&DayCall>> = BTreeMap::new();
    for day in days {
        by_lead.entry(day.call.lead).or_default().push(&day.call);
    }
    let issue = material.issue;
    let head = |n: usize| if n == 1 { "city" } else { "cities" };
    let mut zh = vec![format!("空气质量预报（{}{}时起报）。", day_zh(issue.day()), issue.label())];
    let mut en = vec![format!("Air quality forecast issued {} at {}:00.", issue.day(), issue.label())];
    for (lead, calls) in by_lead {
        let date = material.date(lead);
        let polluted = calls.iter().filter(|call| touched(call).1 >= AqiLevel::LightlyPolluted).count();
        zh.push(format!(
            "{}：可能出现污染的城市 {polluted} 个。{}",
            day_zh(date),
            all(&calls, material, zh_of, "；", "。")
        ));
        let said = all(&calls, material, en_of, "; ", ".");
        en.push(format!("{date}: pollution possible in {polluted} {}. {said}", head(polluted)));
    }
    Publication { zh: zh.join("\n"), en: en.join("\n") }
}

fn all(
    calls: &[&DayCall],
    material: &Material,
    one: fn(&DayCall, &Material) -> String,
    between: &str,
    end: &str,
) -> String {
    let said: Vec<String> = calls.iter().map(|call| one(call, material)).collect();
    format!("{}{end}", said.join(between))
}

fn zh_of(call: &DayCall, material: &Material) -> String {
    let name = material.city(call.city).map_or_else(|| call.city.to_string(), |city| city.name.clone());
    let (low, high) = touched(call);
    let level =
        if low == high { low.category().to_string() } else { format!("{}至{}", low.category(), high.category()) };
    let primary = if call.primary.is_empty() {
        String::new()
    } else {
        format!("，首要污染物 {}", call.primary.iter().map(|one| written(*one)).collect::<Vec<_>>().join("、"))
    };
    format!("{name} AQI {}～{}，{level}{primary}", call.lo, call.hi)
}

fn en_of(call: &DayCall, material: &Material) -> String {
    let name = material.city(call.city).map_or_else(|| call.city.to_string(), |city| city.name_en.clone());
    let (low, high) = touched(call);
    let level = if low == high {
        category_en(low).to_string()
    } else {
        format!("{} to {}", category_en(low), category_en(high))
    };
    let primary = if call.primary.is_empty() {
        String::new()
    } else {
        format!(", primary pollutant {}", call.primary.iter().map(|one| written(*one)).collect::<Vec<_>>().join(", "))
    };
    format!("{name} AQI {} to {}, {level}{primary}", call.lo, call.hi)
}

/// The lowest and the highest level that the range touches.
fn touched(call: &DayCall) -> (AqiLevel, AqiLevel) {
    (AqiLevel::of(call.lo), AqiLevel::of(call.hi))
}

fn day_zh(day: BeijingDay) -> String {
    let text = day.to_string();
    let mut parts = text.split('-').map(|part| part.trim_start_matches('0'));
    let mut next = || parts.next().unwrap_or_default();
    format!("{}年{}月{}日", next(), next(), next())
}

fn written(pollutant: Pollutant) -> &'static str {
    match pollutant {
        Pollutant::Pm25 => "PM2.5",
        other => other.code(),
    }
}

fn category_en(level: AqiLevel) -> &'static str {
    match level {
        AqiLevel::Good => "good",
        AqiLevel::Moderate => "moderate",
        AqiLevel::LightlyPolluted => "lightly polluted",
        AqiLevel::ModeratelyPolluted => "moderately polluted",
        AqiLevel::HeavilyPolluted => "heavily polluted",
        AqiLevel::SeverelyPolluted => "severely polluted",
    }
}
