//! The issued documents of a warning as sheets for docx and PDF (发布·调整·解除通知).

use crate::plan::Response;
use crate::{Change, CityBasis, Issued, WarnError, Warning};
use document::{Block, Sheet, Table};
use units::{BeijingHour, Instant, Share};

const EXERCISE: &str = "演练文件 不得外传 · EXERCISE, NOT TO LEAVE THE HOUSE";
const DEMONSTRATION: &str = "演示数据：历史公开数据回放 · DEMONSTRATION DATA";

/// One issued document, `number` counted from 1, from the numbers that were signed.
///
/// `house` is the issuing body; `name` gives the name of an account. Exercise and demonstration are said on every page.
/// Refuses `W-501` a document that was not issued.
pub fn notice(
    warning: &Warning,
    number: usize,
    house: &str,
    name: impl Fn(&str) -> String,
) -> Result<Sheet, WarnError> {
    let place = number.checked_sub(1).filter(|place| *place < warning.issued.len());
    let place = place.ok_or(WarnError::NotIssued(number))?;
    let issued = &warning.issued[place];
    let before = place.checked_sub(1).map(|before| &warning.issued[before]);
    let basis = &issued.draft.basis;
    let marks: Vec<&str> = [(warning.exercise, EXERCISE), (basis.demonstration, DEMONSTRATION)]
        .into_iter()
        .filter_map(|(holds, mark)| holds.then_some(mark))
        .collect();
    let mut blocks = vec![Block::Paragraph(body(issued, before))];
    if !issued.draft.reason.is_empty() {
        blocks.extend([Block::Heading("理由".into()), Block::Paragraph(issued.draft.reason.clone())]);
    }
    blocks.extend([Block::Heading("研判依据".into()), Block::Table(table(issued))]);
    blocks.push(Block::Paragraph(sources(issued)));
    blocks.extend([Block::Heading("签署".into()), Block::Signatures(signatures(issued, name))]);
    Ok(Sheet {
        title: title(issued),
        subtitle: issued.document.clone(),
        mark: marks.join("　"),
        facts: facts(warning, issued, house),
        blocks,
        foot: format!("{}　{}", warning.code, issued.document),
    })
}

fn title(issued: &Issued) -> String {
    let level = issued.draft.terms.level.name();
    match issued.draft.change {
        Change::Issue => format!("关于发布重污染天气{level}预警的通知"),
        Change::Raise | Change::Lower | Change::Extend => format!("关于调整重污染天气预警（{level}）的通知"),
        Change::Lift => format!("关于解除重污染天气{level}预警的通知"),
        Change::Withdraw => format!("关于撤回重污染天气{level}预警的通知"),
    }
}

fn body(issued: &Issued, before: Option<&Issued>) -> String {
    let (draft, terms) = (&issued.draft, &issued.draft.terms);
    let names = cities(issued).map(|city| city.name.as_str()).collect::<Vec<_>>().join("、");
    let level = terms.level.name();
    let was = before
        .map_or(String::new(), |before| format!("原{}预警（{}）", before.draft.terms.level.name(), before.document));
    let (start, end) = (moment(terms.start), moment(terms.end));
    let said = match draft.change {
        Change::Issue => format!("{names}自 {start} 起至 {end} 启动重污染天气{level}预警。"),
        Change::Raise => format!("{was}升级为{level}预警：{names}，自 {start} 起至 {end}。"),
        Change::Lower => format!("{was}降级为{level}预警或缩小范围：{names}，自 {start} 起至 {end}。"),
        Change::Extend => format!("{was}延长：{names}，至 {end}。"),
        Change::Lift => format!("{names}重污染天气{level}预警自 {end} 起解除。"),
        Change::Withdraw => format!("{was}系误发，现予撤回，自撤回时起不再有效。"),
    };
    let (cause, _) = terms.cause.names();
    let response = match draft.basis.response(terms.cause) {
        Response::Full => "按预案启动相应级别应急响应。",
        Response::HealthAdvice => "只作健康提示，不要求启动减排措施。",
    };
    let late = if draft.change == Change::Issue && draft.late() {
        "已达重污染且无明显改善，即时启动。"
    } else {
        ""
    };
    let prompt = draft.prompt.as_ref().map_or(String::new(), |prompt| {
        format!("根据{}区域预警提示（{}，{}）。", prompt.from, prompt.level.name(), prompt.document)
    });
    let response = if draft.change.ends() { "" } else { response };
    format!("{prompt}{said}{late}首要成因：{cause}。{response}")
}

fn facts(warning: &Warning, issued: &Issued, house: &str) -> Vec<(String, String)> {
    let basis = &issued.draft.basis;
    let fact = |name: &str, value: String| (name.to_string(), value);
    vec![
        fact("发布单位", house.to_string()),
        fact("发布时间", moment(issued.at)),
        fact("预警编号", warning.code.clone()),
        fact("预案", format!("{}（{} 版）", basis.plan.title, basis.plan.version)),
        fact("预报起报", hour(basis.run.issue)),
        fact("数据时间", basis.data_time.map_or_else(|| "无".into(), hour)),
        fact("评价标准", basis.standard.clone()),
    ]
}

fn table(issued: &Issued) -> Table {
    let percent = |share: Share| format!("{:.0} %", share.get() * 100.0);
    let row = |city: &CityBasis| {
        let level = city.level.map_or("未达到", |level| level.name());
        let time = |time: Option<Instant>| time.map_or_else(|| "—".into(), moment);
        let highest = city.course.iter().filter_map(|point| point.q50).max();
        vec![
            city.name.clone(),
            level.to_string(),
            time(city.start),
            time(city.end),
            [percent(city.yellow), percent(city.orange), percent(city.red)].join(" / "),
            highest.map_or_else(|| "—".into(), |aqi| aqi.to_string()),
            if city.rule.is_empty() { "—".into() } else { city.rule.clone() },
        ]
    };
    let columns = [
        ("城市", 3),
        ("建议级别", 3),
        ("开始", 4),
        ("结束", 4),
        ("黄/橙/红概率", 5),
        ("24 h AQI 中位最高", 4),
        ("触发规则", 9),
    ];
    Table::of(&columns, cities(issued).map(row).collect())
}

fn sources(issued: &Issued) -> String {
    let basis = &issued.draft.basis;
    format!(
        "预报 {}（{}，{} 个成员）摘要 {}；预案摘要 {}；签署摘要 {}。",
        basis.run.id, basis.run.model, basis.run.members, basis.run.digest, basis.plan.digest, issued.digest
    )
}

fn signatures(issued: &Issued, name: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let draft = &issued.draft;
    let passed = |gate: &Option<crate::Passed>| {
        gate.as_ref()
            .map_or_else(|| "—".into(), |passed| format!("{}　{}", name(passed.by.as_str()), moment(passed.at)))
    };
    vec![
        ("拟稿".into(), format!("{}　{}", name(draft.by.as_str()), moment(draft.at))),
        ("研判".into(), passed(&draft.assessed)),
        ("审签".into(), passed(&draft.signed)),
        ("发布".into(), format!("{}　{}", name(issued.by.as_str()), moment(issued.at))),
    ]
}

fn cities(issued: &Issued) -> impl Iterator<Item = &CityBasis> {
    issued.draft.terms.cities.iter().filter_map(|code| issued.draft.basis.city(*code))
}

/// `2026-01-15 08:30`.
fn moment(at: Instant) -> String {
    at.to_string().get(..16).unwrap_or_default().replace('T', " ")
}

fn hour(hour: BeijingHour) -> String {
    moment(hour.end())
}
