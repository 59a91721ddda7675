//! What a measure's text orders (措施文字): the phrases that cities write, taken apart into clauses.

use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use units::Share;

/// What a clause orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 自主减排: nothing is ordered.
    SelfDirected,
    /// 限产: the load falls.
    Limit,
    /// 停产: the whole plant stops.
    Stop,
    /// 停用: lines, furnaces or a process stop.
    PartStop,
    /// 错峰: work is moved to other hours.
    Shift,
    /// 以热定产: output follows what people need.
    Demand,
    /// Vehicles or transport.
    Transport,
    /// Water, cover, enclosure: dust is kept down.
    Dust,
    /// Words that none of the phrases fits; they are kept as they stand.
    Other,
}

/// One clause of a measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its words.
    pub text: String,
    /// What it orders.
    pub action: Action,
    /// The process it is about (工序); empty for the whole plant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub process: String,
    /// What was, in `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    /// What it has to come down to, in `unit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// Unit of baseline and target as written, a factor of 万 taken out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Share of the load (of the process, where one is named) that falls away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
}

impl Clause {
    /// Share of the whole plant's load; `None` when the clause is about a process or gives no figure.
    pub fn plant_share(&self) -> Option<Share> {
        self.share.filter(|_| self.process.is_empty())
    }
}

/// A contradiction in a measure's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhraseFault {
    /// The target is above the baseline.
    #[error("目标 {target} 高于基线 {baseline} · the target is above the baseline")]
    Rises {
        /// What was.
        baseline: String,
        /// What it should come down to.
        target: String,
    },
    /// Two units that cannot be compared.
    #[error("基线单位 {baseline} 与目标单位 {target} 不同 · baseline and target have different units")]
    Units {
        /// Unit of the baseline.
        baseline: String,
        /// Unit of the target.
        target: String,
    },
    /// More than everything, or a baseline of nothing.
    #[error("{0} 不是 0 至 100 % 的比例 · this is no share between 0 and 100 %")]
    NoShare(String),
    /// Longer than a measure is.
    #[error("{0} 个字，最多 1000 · {0} characters, at most 1000")]
    TooLong(usize),
}

const MOST_CHARACTERS: usize = 1000;
const UNIT: &str = r"[^\d\s,，;；。、()降减到至以及为,]{1,12}";

static FROM_TO: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"(\d+(?:\.\d+)?)\s*(万?)";
    compiled(&format!(
        r"由?从?(?:原来?的?)?{number}({UNIT})?\s*(?:减少|降低|下降|降|减|压减|控制|调整)(?:至|到|为)\s*(?:不高于|不超过|≤|<=)?\s*{number}({UNIT})?"
    ))
});
static CAPPED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?:负荷|产能|产量|生产能力)[^\d;；,，]{0,8}?(?:至|到|为|在|不超过|不高于|≤|<=)\s*(\d+(?:\.\d+)?)\s*%")
});
static PERCENT: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?:限产|减产|停产|压减|降低|减少|下降|降|减排|限)[^\d;；,，]{0,10}?(\d+(?:\.\d+)?)\s*%")
});
static OF_COUNT: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(\d+)\s*(台|条|座|套|个)[^\d]{0,20}?(?:停用|停产|停运|停止|关停|停)[^\d]{0,12}?(\d+)\s*(台|条|座|套|个)")
});

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns of this file compile, a test uses each")
}

/// Takes a measure's text apart; refuses what contradicts itself.
pub fn parse(text: &str) -> Result<Vec<Clause>, PhraseFault> {
    let text = narrow(text);
    let length = text.chars().count();
    if length > MOST_CHARACTERS {
        return Err(PhraseFault::TooLong(length));
    }
    text.split([';', '。', '\n']).flat_map(commas).map(str::trim).filter(|part| !part.is_empty()).map(clause).collect()
}

/// A comma parts two orders only where a new order begins; "共3条生产线,停产2条" is one.
fn commas(part: &str) -> Vec<&str> {
    if OF_COUNT.is_match(part) || FROM_TO.is_match(part) && !part.contains("停") && !part.contains("禁") {
        return vec![part];
    }
    part.split(',').collect()
}

fn clause(text: &str) -> Result<Clause, PhraseFault> {
    let plain = |action| Clause {
        text: text.to_string(),
        action,
        process: String::new(),
        baseline: None,
        target: None,
        unit: String::new(),
        share: None,
    };
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if let Some(found) = FROM_TO.captures(text) {
        return from_to(text, &found, plain(Action::Limit));
    }
    if let Some(found) = OF_COUNT.captures(text).filter(|found| found[2] == found[4]) {
        let [all, stopped] = [1, 3].map(|group| found[group].parse::<f64>().unwrap_or(f64::NAN));
        let share = share(stopped / all, &format!("{} / {}", &found[3], &found[1]))?;
        let (baseline, target, unit) = (Some(all), Some(all - stopped), found[2].to_string());
        return Ok(Clause { baseline, target, unit, share: Some(share), ..plain(Action::PartStop) });
    }
    if has(&["车辆", "货车", "卡车", "柴油车", "机动车", "渣土车", "公路运输"])
        && has(&["禁", "停止", "停用", "不得", "国三", "国四", "国五", "国Ⅲ", "国Ⅳ", "运输"])
    {
        return Ok(plain(Action::Transport));
    }
    if let Some(found) = CAPPED.captures(text) {
        let percent: f64 = found[1].parse().unwrap_or(f64::NAN);
        let share = share((100.0 - percent) / 100.0, &found[0])?;
        let process = process(text);
        let (baseline, target, unit) = (Some(100.0), Some(percent), "%".to_string());
        return Ok(Clause { process, baseline, target, unit, share: Some(share), ..plain(Action::Limit) });
    }
    if let Some(found) = PERCENT.captures(text) {
        let percent: f64 = found[1].parse().unwrap_or(f64::NAN);
        let share = share(percent / 100.0, &found[0])?;
        return Ok(Clause { process: process(text), share: Some(share), ..plain(Action::Limit) });
    }
    if has(&["自主减排", "自主采取", "不采取", "豁免", "正常生产", "无需减排"]) || ["无", "-", "/", "—"].contains(&text)
    {
        return Ok(Clause { share: Share::new(0.0).ok(), ..plain(Action::SelfDirected) });
    }
    if has(&["以热定产", "以电定产", "以需定产", "民生", "保障供热", "以量定产"]) {
        return Ok(plain(Action::Demand));
    }
    if whole_stop(text) {
        return Ok(Clause { share: Share::new(1.0).ok(), ..plain(Action::Stop) });
    }
    if has(&["错峰", "错时", "夜间不", "避开"]) {
        return Ok(plain(Action::Shift));
    }
    if has(&["洒水", "覆盖", "苫盖", "喷淋", "雾炮", "土石方", "扬尘", "露天"]) {
        return Ok(plain(Action::Dust));
    }
    if has(&["停产", "停用", "停运", "停止", "关停", "停"]) {
        return Ok(Clause { process: process(text), ..plain(Action::PartStop) });
    }
    Ok(plain(Action::Other))
}

fn from_to(text: &str, found: &regex::Captures<'_>, plain: Clause) -> Result<Clause, PhraseFault> {
    let number = |value: usize, ten_thousand: usize| {
        let plain: f64 = found[value].parse().unwrap_or(f64::NAN);
        if found[ten_thousand].is_empty() { plain } else { plain * 1e4 }
    };
    let unit = |group: usize| found.get(group).map_or("", |unit| unit.as_str()).trim();
    let (baseline, target) = (number(1, 2), number(4, 5));
    let (from, to) = (unit(3), unit(6));
    if !from.is_empty() && !to.is_empty() && same_unit(from) != same_unit(to) {
        return Err(PhraseFault::Units { baseline: from.into(), target: to.into() });
    }
    if target > baseline {
        let write = |value: f64| format!("{value}{}", if from.is_empty() { to } else { from });
        return Err(PhraseFault::Rises { baseline: write(baseline), target: write(target) });
    }
    let share = share((baseline - target) / baseline, &found[0])?;
    let unit = if from.is_empty() { to } else { from }.to_string();
    let process = process(text.split(&found[0]).next().unwrap_or_default());
    Ok(Clause { process, baseline: Some(baseline), target: Some(target), unit, share: Some(share), ..plain })
}

fn share(value: f64, said: &str) -> Result<Share, PhraseFault> {
    Share::new(value).map_err(|_| PhraseFault::NoShare(said.to_string()))
}

/// 吨/天, t/d and 吨/日 are one unit.
fn same_unit(unit: &str) -> String {
    let unit = unit.to_lowercase().replace("每", "/").replace('天', "日").replace("小时", "时").replace('h', "时");
    unit.replace("kg", "千克").replace("公斤", "千克").replace('t', "吨").replace('d', "日")
}

/// The process that is named before the order; empty when the text speaks of the plant.
fn process(text: &str) -> String {
    let named = [
        "工序",
        "生产线",
        "车间",
        "窑炉",
        "锅炉",
        "烧结",
        "球团",
        "焦炉",
        "高炉",
        "转炉",
        "电炉",
        "涂装",
        "喷漆",
        "设备",
        "机组",
    ];
    let end = ["限", "停", "减", "降", "压", "负荷", "关"]
        .iter()
        .filter_map(|word| text.find(word))
        .min()
        .unwrap_or(text.len());
    let before = text[..end].trim();
    if named.iter().any(|word| before.contains(word)) { before.to_string() } else { String::new() }
}

fn whole_stop(text: &str) -> bool {
    let begins = ["停产", "全厂停产", "全部停产", "全面停产", "企业停产", "整厂停产", "停止生产", "停工"];
    begins.iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            let rest = rest.trim_matches(['(', ')', '!', ' ']);
            rest.is_empty() || rest.starts_with("检修") || rest.starts_with("措施") || rest.starts_with("整")
        })
    })
}

/// Full-width digits, letters and marks as half-width ones, without what cannot be seen.
pub(super) fn narrow(text: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '﹪' => '%',
        _ => c,
    };
    // Copied cells carry characters that nobody sees.
    let seen = |c: &char| !matches!(c, '\u{200b}' | '\u{200c}' | '\u{feff}');
    text.chars().filter(seen).map(half).collect::<String>().trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> Clause {
        let clauses = parse(text).unwrap();
        assert_eq!(clauses.len(), 1, "{clauses:?}");
        clauses[0].clone()
    }

    #[test]
    fn a_feed_from_one_amount_to_another_gives_baseline_target_unit_and_share() {
        for text in [
            "投料量由960吨/日降至768吨/日及以下",
            "投料量由９６０吨／日降至７６８吨／日及以下",
            "日投料量从960t/d降到768吨/天",
            "投料量由0.096万吨/日减少至768吨/日",
        ] {
            let clause = one(text);
            assert_eq!(
                (clause.action, clause.baseline, clause.target),
                (Action::Limit, Some(960.0), Some(768.0)),
                "{text}"
            );
            assert!((clause.plant_share().unwrap().get() - 0.2).abs() < 1e-12, "{text}: {clause:?}");
        }
        assert_eq!(one("投料量由960吨/日降至768吨/日及以下").unit, "吨/日");
    }

    #[test]
    fn limits_and_stops_are_told_apart() {
        for (text, action, share) in [
            ("停产", Action::Stop, Some(1.0)),
            ("全厂停产。", Action::Stop, Some(1.0)),
            ("限产50%", Action::Limit, Some(0.5)),
            ("限产５０％以上", Action::Limit, Some(0.5)),
            ("停产50%", Action::Limit, Some(0.5)),
            ("生产负荷降至70%及以下", Action::Limit, Some(0.3)),
            ("生产负荷由90%降至72%", Action::Limit, Some(0.2)),
            ("共3条生产线,停产2条", Action::PartStop, Some(2.0 / 3.0)),
            ("自主减排", Action::SelfDirected, Some(0.0)),
            ("以热定产，保障供热", Action::Demand, None),
            ("错峰生产", Action::Shift, None),
            ("禁止国四及以下重型载货车辆运输", Action::Transport, None),
            ("停用涂装工序", Action::PartStop, None),
            ("加强管理", Action::Other, None),
        ] {
            let clause = &parse(text).unwrap()[0];
            assert_eq!(clause.action, action, "{text}: {clause:?}");
            let found = clause.plant_share().map(Share::get);
            assert!(found.zip(share).map_or(found == share, |(a, b)| (a - b).abs() < 1e-12), "{text}: {clause:?}");
        }
    }

    #[test]
    fn a_process_that_stops_is_not_the_plant() {
        for (text, process) in [
            ("涂装工序停产", "涂装工序"),
            ("烧结工序限产50%", "烧结工序"),
            ("2号高炉停产", "2号高炉"),
            ("停止涂装车间生产", ""),
        ] {
            let clause = one(text);
            assert_eq!((clause.process.as_str(), clause.plant_share()), (process, None), "{text}: {clause:?}");
        }
    }

    #[test]
    fn several_orders_in_one_cell_are_several_clauses() {
        let clauses = parse("限产20%；禁止国四及以下重型货车进出厂区，错峰运输").unwrap();
        let actions: Vec<Action> = clauses.iter().map(|clause| clause.action).collect();
        assert_eq!(actions, [Action::Limit, Action::Transport, Action::Shift]);
    }

    #[test]
    fn contradictions_are_refused() {
        for (text, expected) in [
            ("投料量由768吨/日降至960吨/日", "高于基线"),
            ("投料量由960吨/日降至32吨/时", "不同"),
            ("限产150%", "不是 0 至 100 %"),
            ("投料量由0吨/日降至0吨/日", "不是 0 至 100 %"),
            ("共2条生产线,停产3条", "不是 0 至 100 %"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        assert!(matches!(parse(&"长".repeat(1001)), Err(PhraseFault::TooLong(1001))));
    }

    proptest! {
        #[test]
        fn a_written_feed_comes_back(baseline in 1u32..1_000_000, part in 0u32..=100) {
            let target = u64::from(baseline) * u64::from(part) / 100;
            let clause = one(&format!("投料量由{baseline}吨/日降至{target}吨/日及以下"));
            prop_assert_eq!((clause.baseline, clause.target), (Some(f64::from(baseline)), Some(target as f64)));
            let share = clause.share.unwrap().get();
            prop_assert!((share - (1.0 - target as f64 / f64::from(baseline))).abs() < 1e-12);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[投料量由降至停产限0-9.%吨/日,;，；工序车共条台 ]{0,60}") {
            if let Ok(clauses) = parse(&text) {
                for clause in clauses {
                    prop_assert!(clause.share.is_none_or(|share| (0.0..=1.0).contains(&share.get())));
                }
            }
        }
    }
}
