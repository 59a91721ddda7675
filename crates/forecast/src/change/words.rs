use super::{Change, ChangeKind, Changes, Figure, Reason, Since};
use crate::words::{Names, Words, day_words, hour_words, percent_words};
use units::AqiLevel;

/// Changes and reasons of each sort that are said; the rest is counted.
const SAID: usize = 3;

/// One change in one sentence.
pub fn change_words(change: &Change, names: Names) -> Words {
    let name = names(change.city.as_deref());
    let day = change.date.map(day_words).unwrap_or_default();
    let (what, what_en) = match change.what {
        ChangeKind::Median => ("AQI 中位数", "median AQI"),
        ChangeKind::PAqi150 => ("AQI 超过 150 的概率", "probability of AQI above 150"),
        ChangeKind::Levels => ("预报级别", "forecast levels"),
        ChangeKind::Onset => ("过程开始日", "onset of the episode"),
        ChangeKind::Peak => ("过程峰值日", "peak of the episode"),
        ChangeKind::End => ("过程结束日", "end of the episode"),
    };
    let figure = |figure: &Figure| figure_words(figure, change.what);
    let (from, to) = (figure(&change.from), figure(&change.to));
    let gap = if change.date.is_some() { " " } else { "" };
    Words::new(
        format!("{}{gap}{} {what} {} → {}", name.text, day.text, from.text, to.text),
        format!("{}{gap}{}: {what_en} from {} to {}", name.text_en, day.text_en, from.text_en, to.text_en),
    )
}

fn figure_words(figure: &Figure, what: ChangeKind) -> Words {
    match figure {
        Figure::Aqi(aqi) => Words::new(aqi.get().to_string(), aqi.get().to_string()),
        Figure::Share(share) => percent_words(*share),
        Figure::Levels(levels) => levels_words(levels),
        Figure::Day(Some(day)) => day_words(*day),
        Figure::Day(None) if what == ChangeKind::End => Words::new("预报期之后", "beyond the forecast"),
        Figure::Day(None) => Words::new("无过程", "no episode"),
    }
}

fn levels_words(levels: &[AqiLevel]) -> Words {
    let numbers: Vec<String> = levels.iter().map(|level| level.number().to_string()).collect();
    let names: Vec<&str> = levels.iter().map(|level| level.category()).collect();
    match levels {
        [] => Words::new("无", "none"),
        _ => Words::new(names.join("—"), numbers.join("–")),
    }
}

/// One reason in one sentence, with its figures.
pub fn reason_words(reason: &Reason, names: Names) -> Words {
    let name = names(reason.city());
    match reason {
        Reason::Model { from, to } => {
            Words::new(format!("模型由 {from} 换为 {to}"), format!("the model is {to}, it was {from}"))
        }
        Reason::GuidanceMissing { name } => Words::new(
            format!("指导预报 {name} 本次缺报，上次有"),
            format!("guidance {name} is missing; the earlier run had it"),
        ),
        Reason::GuidanceNew { name } => Words::new(
            format!("指导预报 {name} 本次到报，上次缺"),
            format!("guidance {name} is present; the earlier run did not have it"),
        ),
        Reason::LeftOut { .. } => Words::new(
            format!("{} 近期实况不足，本次未预报", name.text),
            format!("{} has too few recent observations and is not forecast", name.text_en),
        ),
        Reason::Back { .. } => {
            Words::new(format!("{} 恢复预报", name.text), format!("{} is forecast again", name.text_en))
        }
        Reason::Observed(since) => observed_words(since, &name),
    }
}

fn observed_words(since: &Since, name: &Words) -> Words {
    let [seen, said, low, high] = [since.seen, since.said, since.low, since.high].map(|v| v.round_ties_even());
    let percent = ((since.seen / since.said.max(1.0) - 1.0) * 100.0).round();
    let (above, above_en) = if since.seen > since.said { ("偏高", "above") } else { ("偏低", "below") };
    let (from, to) = (hour_words(since.from), hour_words(since.to));
    let (hours, off) = (since.hours, percent.abs());
    Words::new(
        format!(
            "{} {}至 {}（{hours} 小时）PM2.5 实况均值 {seen} µg/m³，上次预报中位数 {said}（{low}—{high}），实况{above} {off}%",
            name.text, from.text, to.text
        ),
        format!(
            "{}, {} to {} ({hours} h): mean PM2.5 observed {seen} µg/m³, the earlier run's median {said} \
             ({low}–{high}), {off} % {above_en} it",
            name.text_en, from.text_en, to.text_en
        ),
    )
}

/// The whole note: the largest changes, the reasons, and what has none.
pub fn changes_words(changes: &Changes, names: Names) -> Words {
    let Some(previous) = changes.previous.map(hour_words) else {
        return Words::new(
            "这是第一次起报，没有可比较的上次。",
            "This is the first run; there is none to compare with.",
        );
    };
    let items = listed(changes.items.iter().map(|change| change_words(change, names)));
    let head = match changes.items.len() {
        0 => Words::new(
            format!("与 {}起报相比，没有达到提示幅度的变化。", previous.text),
            format!("Against the run of {}, nothing changed by as much as is told. ", previous.text_en),
        ),
        count => Words::new(
            format!("与 {}起报相比有 {count} 处变化：{}。", previous.text, items.text),
            format!("Against the run of {}, {count} changes: {}. ", previous.text_en, items.text_en),
        ),
    };
    let mut words = head + reasons_words(changes, names);
    words.text_en.truncate(words.text_en.trim_end().len());
    words
}

fn reasons_words(changes: &Changes, names: Names) -> Words {
    let (changed, known) = (!changes.items.is_empty(), !changes.reasons.is_empty());
    let reasons = listed(changes.reasons.iter().map(|reason| reason_words(reason, names)));
    let told = match (changed, known) {
        (_, true) => Words::new(
            format!("与上次不同的数据：{}。", reasons.text),
            format!("What differs from the earlier run: {}. ", reasons.text_en),
        ),
        (true, false) => Words::new("现有数字不能说明这些变化的原因。", "No figure at hand explains these changes."),
        (false, false) => Words::default(),
    };
    let cities = changes.unexplained.iter().map(|city| names(Some(city)));
    let (zh, en): (Vec<String>, Vec<String>) = cities.map(|name| (name.text, name.text_en)).unzip();
    match known && !zh.is_empty() {
        true => {
            told + Words::new(
                format!("其中不能说明 {} 的变化。", zh.join("、")),
                format!("They do not explain the changes of {}.", en.join(", ")),
            )
        }
        false => told,
    }
}

/// The first few, and how many more there are.
fn listed(all: impl Iterator<Item = Words>) -> Words {
    let (zh, en): (Vec<String>, Vec<String>) = all.map(|words| (words.text, words.text_en)).unzip();
    let more = zh.len().saturating_sub(SAID);
    let rest = match more {
        0 => Words::default(),
        _ => Words::new(format!("；另有 {more} 处"), format!("; and {more} more")),
    };
    Words::new(zh[..zh.len() - more].join("；"), en[..en.len() - more].join("; ")) + rest
}

#[cfg(test)]
mod tests;
