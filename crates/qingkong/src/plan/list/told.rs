//! The same answers for a person who reads them at a terminal.

use super::Checked;
use ::plan::list::{ImportReport, ListDiff, Precursor, Reconciliation, Scheme};
use units::{KilogramPerDay, TonnePerYear};

const DEMONSTRATION: &str = "【演示数据 DEMONSTRATION】";

/// The report for a person: what was read, then what is wrong, then what is worth a look.
pub fn imported(report: &ImportReport) -> String {
    let mut text = String::new();
    for sheet in &report.sheets {
        if !sheet.taken {
            text += &format!("工作表 {}：不是清单，未读 · no list, not read\n", sheet.sheet);
            continue;
        }
        text += &format!(
            "工作表 {}：{} 条记录 records，{} 行非记录 other rows\n",
            sheet.sheet,
            sheet.records,
            sheet.skipped.len()
        );
        sheet.unread.iter().for_each(|column| text += &format!("  列 {column}\n"));
    }
    for refuses in [true, false] {
        for fault in report.faults.iter().filter(|fault| fault.refuses == refuses) {
            let kind = if refuses { "拒收" } else { "提示" };
            text += &format!(
                "{kind} {} {}!{}{}（{}）“{}”：{}\n",
                fault.code, fault.sheet, fault.column, fault.row, fault.head, fault.said, fault.text
            );
        }
    }
    text
}

/// What a check found.
pub fn checked(checked: &Checked, scheme: &Scheme) -> String {
    let amounts = |known: &mut dyn Iterator<Item = (Precursor, f64)>| {
        known.map(|(precursor, amount)| format!("{precursor} {amount:.0}")).collect::<Vec<_>>().join("  ")
    };
    let mut text = format!(
        "{}版本 edition {}　{} 条企业 entries，{} 条扬尘/移动源 companions，{} 条无排放量 without emission\n摘要 digest {}\n",
        if checked.demonstration { DEMONSTRATION } else { "" },
        checked.edition,
        checked.entries,
        checked.companions,
        checked.without_emission,
        checked.digest
    );
    text += "日排放量 daily emission, kg/day\n";
    for city in &checked.cities {
        text +=
            &format!("  {} {}  {}\n", city.city, city.name, amounts(&mut city.daily.known().map(|(p, d)| (p, d.0))));
    }
    text += &format!("可选措施 lawful options under {} ({})\n", scheme.id, scheme.source.document);
    for line in &checked.levels {
        text += &format!(
            "  {}  {} 条企业有 {} 个可选措施 options，{} 条必须减排 obliged；最多 at most {} kg/day\n",
            line.level.name(),
            line.entries_with_options,
            line.options,
            line.obliged,
            amounts(&mut line.most.iter().map(|(p, amount)| (*p, *amount)))
        );
        for (barrier, count) in &line.excluded {
            text += &format!("    {count} 个不可选：{}\n", scheme.clause(*barrier));
        }
    }
    text
}

/// What changed between two lists.
pub fn differences(found: &ListDiff) -> String {
    let mut told = format!("{} ({}) -> {} ({})\n", found.before.0, found.before.1, found.after.0, found.after.1);
    for (sign, records) in [("+", &found.added), ("-", &found.removed)] {
        records.iter().for_each(|(id, name)| told += &format!("{sign} {id} {name}\n"));
    }
    for record in &found.changed {
        told += &format!("~ {} {}\n", record.id, record.name);
        record
            .fields
            .iter()
            .for_each(|field| told += &format!("    {}: {} -> {}\n", field.field, field.before, field.after));
    }
    told += "日排放量变化 daily emission, kg/day\n";
    for total in &found.totals {
        let written =
            |amount: Option<KilogramPerDay>| amount.map_or("-".to_string(), |amount| format!("{:.1}", amount.0));
        told +=
            &format!("  {} {}: {} -> {}\n", total.city, total.precursor, written(total.before), written(total.after));
    }
    told
}

/// The list against inventories.
pub fn held_against(found: &Reconciliation) -> String {
    let mut told = format!(
        "{}清单 {} 版 与 {} {} 年，t/a\n",
        if found.demonstration { DEMONSTRATION } else { "" },
        found.edition,
        found.inventories.join(", "),
        found.year
    );
    let written = |amount: Option<TonnePerYear>| amount.map_or("-".to_string(), |amount| format!("{:.0}", amount.0));
    for gap in &found.sectors {
        let ratio = gap.ratio.map_or(String::new(), |ratio| format!("{:.0} %", 100.0 * ratio));
        told += &format!(
            "  {} {}: 清单 list {}，排放清单 inventory {} {ratio}  {}\n",
            gap.sector.name(),
            gap.precursor,
            written(gap.list),
            written(gap.inventory),
            gap.remark
        );
    }
    for city in &found.cities {
        let total: Vec<String> =
            city.total.known().map(|(precursor, total)| format!("{precursor} {:.0}", total.0)).collect();
        told += &format!("  {} {}: {} 条 entries  {}\n", city.city, city.name, city.entries, total.join("  "));
    }
    found.notes.iter().for_each(|note| told += &format!("注 {note}\n"));
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::plan::list::{CellFault, SheetReport};

    #[test]
    fn a_person_reads_refusals_before_hints_each_with_its_cell() {
        let fault = |code, refuses, column: &str| CellFault {
            sheet: "工业源".into(),
            row: 5,
            column: column.into(),
            head: "绩效分级".into(),
            code,
            refuses,
            said: "E级".into(),
            text: "不是绩效等级".into(),
        };
        let sheet = |name: &str, taken| SheetReport { sheet: name.into(), taken, ..SheetReport::default() };
        let report = ImportReport {
            sheets: vec![sheet("工业源", true), sheet("说明", false)],
            faults: vec![fault("P-302", false, "C"), fault("P-303", true, "D")],
        };
        let told = imported(&report);
        let lines: Vec<&str> = told.lines().collect();
        assert!(lines[1].contains("说明") && lines[1].contains("no list"));
        assert_eq!(lines[2], "拒收 P-303 工业源!D5（绩效分级）“E级”：不是绩效等级");
        assert!(lines[3].starts_with("提示 P-302 工业源!C5"));
    }
}
