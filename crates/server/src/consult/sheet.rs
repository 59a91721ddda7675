//! The sheet of a consultation (会商单) as a value. Pure: what is not seen is not given to it.

use super::one::participant;
use super::view::{RemarkLine, WeightLine, considered};
use crate::people::Names;
use ::consult::{Conclusion, DayCall, Entered, Material, MemberState, Room, RoomState, RunState};
use ::document::{Block, Column, Sheet, Table};
use std::collections::BTreeSet;
use units::{AqiLevel, BeijingHour, Instant, Pollutant};

const DEMO: &str = "演示数据：历史公开数据回放";

/// What somebody sees of a room beside its conclusion.
pub(super) struct Said {
    pub bids: Vec<Entered>,
    pub remarks: Vec<RemarkLine>,
    /// From outside the sheet is the signed conclusion alone.
    pub inside: bool,
}

pub(super) fn sheet(room: &Room, said: &Said, names: &Names, demo: bool) -> Sheet {
    let mut blocks = Vec::new();
    let shown = if said.inside { room.conclusion() } else { room.official.as_ref().map(|one| &one.conclusion) };
    if let Some(conclusion) = shown {
        blocks.extend(concluded(room, conclusion, said.inside));
        if said.inside {
            blocks.extend(weights(room, conclusion, names));
        }
    }
    if said.inside {
        blocks.extend(materials(&room.material));
        blocks.extend(bids(room, &said.bids, names));
        blocks.extend(remarks(&said.remarks));
    }
    blocks.push(Block::Heading("签署".into()));
    blocks.push(Block::Signatures(signatures(room, shown, names)));
    Sheet {
        title: format!("空气质量预报{}单", room.kind.name()),
        subtitle: format!("编号 {}", room.code),
        mark: if demo { DEMO.into() } else { String::new() },
        facts: facts(room, shown, names, said.inside),
        blocks,
        foot: format!("{}　标准 {}", room.code, room.material.standard),
    }
}

fn facts(room: &Room, shown: Option<&Conclusion>, names: &Names, inside: bool) -> Vec<(String, String)> {
    let material = &room.material;
    let waits = inside && room.pending.is_some();
    let state = match (room.state, waits) {
        (RoomState::Open, _) => "会商中",
        (_, true) => "结论待签发",
        (RoomState::Concluded | RoomState::Signed, _) => "已签发，为正式预报",
        (RoomState::Superseded, _) => "已被后续预报替代",
        (RoomState::Cancelled, _) => "已取消",
    };
    let fact = |name: &str, value: String| (name.to_string(), value);
    let mut facts = vec![
        fact("会商单位", names.organisation(&room.owner).name),
        fact("会商时间", moment(room.opened_at)),
        fact("起报时间", hour(Some(material.issue))),
        fact("数据时间", hour(material.data_time)),
        fact("预报模型", material.run.model.clone().unwrap_or_else(|| "无".into())),
        fact("评价标准", material.standard.clone()),
        fact("状态", state.into()),
    ];
    if inside {
        facts.insert(2, fact("发起缘由", room.opening.zh.clone()));
    }
    if let Some(conclusion) = shown.filter(|one| one.number > 1) {
        facts.push(fact("版本", format!("第 {} 版，更正理由：{}", conclusion.number, conclusion.correction)));
    }
    facts
}

/// The table of cities and days, the opinion, and what is published.
fn concluded(room: &Room, conclusion: &Conclusion, inside: bool) -> Vec<Block> {
    let calls: Vec<&DayCall> = conclusion.days.iter().map(|day| &day.call).collect();
    let mut blocks = vec![Block::Heading("会商结论".into()), Block::Table(matrix(&room.material, &calls))];
    let reasons = conclusion.days.iter().filter(|day| !day.call.reason.is_empty());
    let reason = |day: &::consult::ConcludedDay| {
        let given = day.prefilled.as_ref().filter(|given| given.bids > 0);
        let given = given.map_or_else(|| "—".into(), |given| format!("{}～{}", given.lo, given.hi));
        let date = room.material.date(day.call.lead).to_string();
        vec![city(&room.material, &day.call), date, given, range(&day.call), day.call.reason.clone()]
    };
    let rows: Vec<Vec<String>> = reasons.map(reason).collect();
    if inside && !rows.is_empty() {
        let columns = [("城市", 2), ("日期", 3), ("意见中位数", 3), ("结论", 3), ("理由", 8)];
        blocks.extend([Block::Heading("结论说明".into()), Block::Table(Table::of(&columns, rows))]);
    }
    if !conclusion.text.is_empty() {
        blocks.extend([Block::Heading("综合意见".into()), Block::Paragraph(conclusion.text.clone())]);
    }
    blocks.extend([Block::Heading("发布文本".into()), Block::Paragraph(conclusion.publication.zh.clone())]);
    blocks
}

/// What the bids weighed in the conclusion, and why.
fn weights(room: &Room, conclusion: &Conclusion, names: &Names) -> Vec<Block> {
    let row = |line: WeightLine| {
        let weight = line.weight.map_or_else(|| "—".into(), |weight| format!("{:.1} %", weight.get() * 100.0));
        vec![line.participant, weight, line.past.map_or_else(|| "各意见等权".into(), |past| past.words())]
    };
    let rows: Vec<Vec<String>> = considered(conclusion, room, names).map(row).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = [("参与人", 4), ("权重", 2), ("依据", 10)];
    vec![Block::Heading("意见权重".into()), Block::Table(Table::of(&columns, rows))]
}

fn matrix(material: &Material, calls: &[&DayCall]) -> Table {
    let leads: BTreeSet<u8> = calls.iter().map(|call| call.lead).collect();
    let head = |lead: &u8| Column { head: material.date(*lead).to_string(), weight: 3 };
    let columns = std::iter::once(Column { head: "城市".into(), weight: 2 }).chain(leads.iter().map(head)).collect();
    let cell = |found: Option<&&DayCall>| {
        found.map_or_else(String::new, |call| {
            let confidence = format!("信心 {}", call.confidence.name());
            [range(call), levels(call), primary(call), confidence].join("\n")
        })
    };
    let row = |one: &::consult::CityMaterial| {
        let days = leads.iter().map(|lead| cell(calls.iter().find(|call| call.city == one.city && call.lead == *lead)));
        std::iter::once(one.name.clone()).chain(days).collect()
    };
    Table { columns, rows: material.cities.iter().map(row).collect() }
}

fn materials(material: &Material) -> Vec<Block> {
    let run = match material.run.state {
        RunState::Ready => format!("预报产品已就绪，集合成员 {} 个", material.run.members),
        RunState::Pending => "预报产品制作中".into(),
        RunState::Failed => "预报产品未能生成".into(),
    };
    let late: Vec<&str> = material.cities.iter().filter(|city| !city.fresh).map(|city| city.name.as_str()).collect();
    let data = if late.is_empty() {
        "各城市实况数据及时".into()
    } else {
        format!("实况数据滞后：{}", late.join("、"))
    };
    let member = |one: &::consult::MemberMaterial| {
        let state = match one.state {
            MemberState::Present => "到位",
            MemberState::Partial => "残缺",
            MemberState::Late => "迟到",
            MemberState::Missing => "缺席",
        };
        let note = if one.note.is_empty() { String::new() } else { format!("（{}）", one.note) };
        format!("{} {state}{note}", one.id)
    };
    let members: Vec<String> = material.members.iter().map(member).collect();
    let text = format!("{run}；{data}；模式成员：{}。", members.join("、"));
    vec![Block::Heading("会商材料".into()), Block::Paragraph(text)]
}

fn bids(room: &Room, bids: &[Entered], names: &Names) -> Vec<Block> {
    let row = |bid: &Entered, call: &DayCall| {
        vec![
            participant(room, &bid.participant, names),
            city(&room.material, call),
            room.material.date(call.lead).to_string(),
            range(call),
            primary(call),
            call.confidence.name().to_string(),
            call.reason.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = bids.iter().flat_map(|bid| bid.days.iter().map(move |call| row(bid, call))).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = [("参与人", 4), ("城市", 3), ("日期", 4), ("AQI", 3), ("首要", 3), ("信心", 2), ("理由", 7)];
    vec![Block::Heading("会商意见".into()), Block::Table(Table::of(&columns, rows))]
}

fn remarks(remarks: &[RemarkLine]) -> Vec<Block> {
    let rows: Vec<Vec<String>> = remarks.iter().map(RemarkLine::cells).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = [("时间", 3), ("发言人", 3), ("内容", 10)];
    vec![Block::Heading("讨论记录".into()), Block::Table(Table::of(&columns, rows))]
}

fn signatures(room: &Room, shown: Option<&Conclusion>, names: &Names) -> Vec<(String, String)> {
    let wrote = shown.map_or_else(String::new, |one| format!("{}　{}", names.account(&one.by).name, moment(one.at)));
    let signed = room.official.as_ref().filter(|official| shown == Some(&official.conclusion));
    let signed = signed.map_or_else(String::new, |official| {
        format!("{}　{}", names.account(&official.signed_by).name, moment(official.signed_at))
    });
    vec![("结论起草".into(), wrote), ("签发".into(), signed)]
}

fn city(material: &Material, call: &DayCall) -> String {
    material.city(call.city).map_or_else(|| call.city.to_string(), |city| city.name.clone())
}

fn range(call: &DayCall) -> String {
    format!("{}～{}", call.lo, call.hi)
}

fn levels(call: &DayCall) -> String {
    call.levels().iter().map(|level: &AqiLevel| level.category()).collect::<Vec<_>>().join("、")
}

fn primary(call: &DayCall) -> String {
    let written = |one: &Pollutant| if *one == Pollutant::Pm25 { "PM2.5" } else { one.code() };
    if call.primary.is_empty() {
        "—".into()
    } else {
        call.primary.iter().map(written).collect::<Vec<_>>().join("、")
    }
}

fn hour(hour: Option<BeijingHour>) -> String {
    hour.map_or_else(|| "无".into(), |hour| moment(hour.end()))
}

/// `2018-01-13 20:00`.
pub(super) fn moment(moment: Instant) -> String {
    moment.to_string().chars().take(16).map(|letter| if letter == 'T' { ' ' } else { letter }).collect()
}
