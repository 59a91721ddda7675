//! One factory, one plan (一厂一策): the sheet that hangs in the control room.

use super::amounts::Precursor;
use super::entry::{BaselineBasis, Entry, Measure};
use super::phrase::{Action, Clause};
use super::scheme::Scheme;
use super::value::List;
use crate::PlanError;
use document::{Block, Sheet, Table};
use observe::regions;
use units::WarningLevel;

const DEMONSTRATION: &str = "演示数据，不得用于执法 · DEMONSTRATION DATA";

/// The sheet of an enterprise, with all its lines, as a document for docx and PDF.
///
/// `id` is an entry; the other lines of the same enterprise are on the sheet too. What the list does not say is left blank to be
/// filled in by hand, never made up. Refuses `P-209` an unknown entry.
pub fn sheet(list: &List, id: &str, schemes: &[Scheme]) -> Result<Sheet, PlanError> {
    let entry = list.entry(id)?;
    let same = |own: &&Entry| own.city == entry.city && own.name == entry.name && own.credit_code == entry.credit_code;
    let lines: Vec<&Entry> = list.entries.iter().filter(same).collect();
    let mut blocks = vec![];
    for level in WarningLevel::ALL.into_iter().rev() {
        blocks.push(Block::Heading(format!("{}预警（{}级响应）要做什么", level.name(), response(level))));
        blocks.extend(orders(&lines, level));
    }
    blocks.push(Block::Heading("平常一天排放多少，减排从哪里算起".into()));
    blocks.push(Block::Table(emissions(&lines)));
    blocks.push(Block::Paragraph(basis(&lines).into()));
    blocks.push(Block::Heading("绩效等级".into()));
    blocks.push(Block::Table(grades(&lines, schemes)));
    blocks.push(Block::Paragraph(RULES.into()));
    blocks.push(Block::Heading("接到指令以后".into()));
    blocks.push(Block::Paragraph(STEPS.into()));
    let blank = |who: &str| (who.to_string(), String::new());
    blocks.push(Block::Signatures(vec![blank("企业负责人"), blank("环保负责人"), blank("县（市、区）生态环境部门")]));
    Ok(Sheet {
        title: "重污染天气应急减排“一厂一策”操作方案".into(),
        subtitle: entry.name.clone(),
        mark: if lines.iter().any(|line| line.demonstration) { DEMONSTRATION.into() } else { String::new() },
        facts: facts(entry, list),
        blocks,
        foot: format!("清单 {} 版　{}　摘要 {}", list.edition, list.source, short(&list.digest()?)),
    })
}

const STEPS: &str = "1. 收到预警或调度指令后签收，并通知到班组。\n2. 按本方案对应级别的措施执行；达到“降至”一栏的数值才算到位。\n\
    3. 保留核查指标一栏的记录（用电、投料、车辆、在线监测），以备核验。\n4. 有安全风险、不能立即执行的，先报县（市、区）生态环境部门，不得瞒报。\n\
    5. 收到解除指令后恢复生产。";

const RULES: &str = "表中为正常负荷中可被要求削减的幅度。未经文本核实的幅度是系统配置，以当地规定为准。";

fn short(digest: &str) -> String {
    digest.chars().take(23).collect()
}

const fn response(level: WarningLevel) -> &'static str {
    match level {
        WarningLevel::Yellow => "Ⅲ",
        WarningLevel::Orange => "Ⅱ",
        WarningLevel::Red => "Ⅰ",
    }
}

fn facts(entry: &Entry, list: &List) -> Vec<(String, String)> {
    let city = regions::by_code(entry.city).map_or(entry.city.to_string(), |region| region.full_name.clone());
    let place = match (entry.lon, entry.lat) {
        (Some(lon), Some(lat)) => format!("东经 {lon:.4}°，北纬 {lat:.4}°"),
        _ => String::new(),
    };
    let contact = [entry.contact.as_str(), entry.phone.as_str()].join(" ");
    let mut facts = vec![
        ("统一社会信用代码", entry.credit_code.clone()),
        ("排污许可证编号", entry.permit.clone()),
        ("所在地", format!("{city}{}　{}", entry.county_name, entry.address).trim().to_string()),
        ("坐标", place),
        ("行业", entry.industry.clone()),
        ("联系人", contact.trim().to_string()),
        ("产品与产能", entry.product.clone()),
        ("燃料", entry.fuel.clone()),
        ("治理设施", entry.treatment.clone()),
        ("清单", format!("{} 版", list.edition)),
    ];
    if !entry.safeguard.is_empty() {
        facts.push(("保障类", entry.safeguard.clone()));
    }
    if entry.small_emitter {
        facts.push(("小微涉气", "是".into()));
    }
    if entry.long_stopped {
        facts.push(("生产状态", "长期停产".into()));
    }
    // An empty line is one to be filled in.
    facts
        .into_iter()
        .map(|(name, value)| (name.to_string(), if value.is_empty() { "（清单未填）".into() } else { value }))
        .collect()
}

fn orders(lines: &[&Entry], level: WarningLevel) -> Vec<Block> {
    let rows: Vec<Vec<String>> = lines
        .iter()
        .filter_map(|line| Some((line, line.measure(level)?)))
        .flat_map(|(line, measure)| measure.clauses.iter().map(move |clause| row(line, measure, clause)))
        .collect();
    if rows.is_empty() {
        return vec![Block::Paragraph("清单没有列出本级别的措施。".into())];
    }
    let columns = [("生产线/工序", 2), ("措施", 5), ("由", 2), ("降至", 2), ("核查指标", 3)];
    let mut blocks = vec![Block::Table(Table::of(&columns, rows))];
    let cuts: Vec<String> = Precursor::ALL
        .into_iter()
        .filter_map(|precursor| {
            let known = lines.iter().filter_map(|line| line.measure(level)?.cut(&line.baseline().0).get(precursor));
            let known: Vec<f64> = known.map(|cut| cut.0).collect();
            (!known.is_empty()).then(|| format!("{} {:.1} 千克/日", named(precursor), known.iter().sum::<f64>()))
        })
        .collect();
    let cuts = if cuts.is_empty() {
        "清单不足以算出减排量。".to_string()
    } else {
        format!("应减少：{}。", cuts.join("，"))
    };
    blocks.push(Block::Paragraph(cuts));
    blocks
}

fn row(line: &Entry, measure: &Measure, clause: &Clause) -> Vec<String> {
    let amount = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value}{}", clause.unit));
    let (from, to) = match (clause.action, clause.share) {
        (Action::Stop, _) => ("正常生产".to_string(), "停产".to_string()),
        (Action::Limit, Some(share)) if clause.baseline.is_none() => {
            ("正常负荷".to_string(), format!("正常负荷的 {:.0}%", 100.0 * (1.0 - share.get())))
        }
        _ => (amount(clause.baseline), amount(clause.target)),
    };
    let place = if line.line.is_empty() && clause.process.is_empty() {
        "全厂".to_string()
    } else {
        [line.line.as_str(), clause.process.as_str()].join(" ").trim().to_string()
    };
    let indicator = if measure.indicator.is_empty() { "（清单未填）".into() } else { measure.indicator.clone() };
    vec![place, clause.text.clone(), from, to, indicator]
}

fn emissions(lines: &[&Entry]) -> Table {
    let rows = Precursor::ALL.into_iter().map(|precursor| {
        let sum = |values: Vec<f64>| {
            if values.is_empty() {
                "（清单未填）".to_string()
            } else {
                format!("{:.1}", values.iter().sum::<f64>())
            }
        };
        let daily = lines.iter().filter_map(|line| line.baseline().0.get(precursor)).map(|daily| daily.0).collect();
        let annual = lines.iter().filter_map(|line| line.annual.get(precursor)).map(|annual| annual.0).collect();
        vec![named(precursor).to_string(), sum(annual), sum(daily)]
    });
    Table::of(&[("污染物", 3), ("年排放量（吨）", 3), ("日排放量（千克）", 3)], rows.collect())
}

fn basis(lines: &[&Entry]) -> &'static str {
    let bases: Vec<BaselineBasis> = lines.iter().map(|line| line.baseline().1).collect();
    if bases.iter().all(|basis| *basis == BaselineBasis::Unknown) {
        "清单没有排放量，减排量无法核算。"
    } else if bases.contains(&BaselineBasis::CalendarDays) {
        "日排放量中有由年排放量按 365 天平均推算的（清单未填运行天数），实际生产日会更高。"
    } else if bases.contains(&BaselineBasis::OperatingDays) {
        "日排放量中有由年排放量按运行天数推算的。"
    } else {
        "日排放量为清单所列。"
    }
}

fn grades(lines: &[&Entry], schemes: &[Scheme]) -> Table {
    let mut rows: Vec<Vec<String>> = vec![];
    for scheme in schemes {
        for line in lines {
            let said = line.grade(&scheme.id).map_or(format!("未评级（按 {}）", scheme.ungraded), |graded| {
                format!("{}{}", if graded.local { "地方 " } else { "" }, graded.grade)
            });
            let duties = WarningLevel::ALL.map(|level| {
                let duty = scheme.duty(line.key_industry, scheme.grade_of(line), level);
                duty.map_or("无规定".to_string(), |duty| match (duty.least.get(), duty.most.get()) {
                    (_, 0.0) => "自主减排".to_string(),
                    (0.0, most) => format!("不超过 {:.0}%", most * 100.0),
                    (least, most) => format!("{:.0}% 至 {:.0}%", least * 100.0, most * 100.0),
                })
            });
            let row: Vec<String> = [scheme.title.clone(), said].into_iter().chain(duties).collect();
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    Table::of(&[("分级方案", 5), ("等级", 2), ("黄色", 2), ("橙色", 2), ("红色", 2)], rows)
}

const fn named(precursor: Precursor) -> &'static str {
    match precursor {
        Precursor::So2 => "二氧化硫",
        Precursor::Nox => "氮氧化物",
        Precursor::Pm => "颗粒物",
        Precursor::Vocs => "挥发性有机物",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::testing::{entry, list, measure};
    use WarningLevel::{Orange, Red};

    fn words(sheet: &Sheet) -> String {
        serde_json::to_string(sheet).unwrap()
    }

    #[test]
    fn a_manager_reads_what_to_do_from_what_to_what_and_how_it_is_checked() {
        let mut entries = vec![entry("a"), entry("a2")];
        entries[0].measures =
            vec![measure(Orange, "投料量由960吨/日降至768吨/日及以下；错峰运输"), measure(Red, "停产")];
        entries[0].measures[0].indicator = "投料记录".into();
        (entries[1].name, entries[1].line) = (entries[0].name.clone(), "二号线".into());
        entries[1].measures = vec![measure(Red, "限产50%")];
        let sheet = sheet(&list(entries), "a", &Scheme::all().unwrap()).unwrap();
        let text = words(&sheet);
        for expected in [
            "960吨/日",
            "768吨/日",
            "投料记录",
            "二号线",
            "正常负荷的 50%",
            "二氧化硫 20.0 千克/日",
            "二氧化硫 150.0 千克/日",
            "未评级",
            "（清单未填）",
            "清单没有列出本级别的措施",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
        assert_eq!(sheet.mark, "");
        document::docx(&sheet).unwrap();
    }

    #[test]
    fn demonstration_is_on_every_page_and_an_unknown_entry_is_refused() {
        let mut list = list(vec![entry("a")]);
        (list.demonstration, list.entries[0].demonstration) = (true, true);
        assert!(sheet(&list, "a", &[]).unwrap().mark.contains("演示数据"));
        assert!(sheet(&list, "x", &[]).unwrap_err().to_string().starts_with("P-209"));
    }
}
