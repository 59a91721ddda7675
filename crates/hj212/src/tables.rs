//! The code tables of the standard, read from `data/hj212/` once.

use crate::edition::Edition;
use crate::error::Hj212Error;
use crate::suffix::{Suffix, ValueKind};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What is sent in answer to a command (应答方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// The device answers a request with 9011, later 9012.
    Request,
    /// 9014, to whoever uploaded data.
    Data,
    /// 9013, to whoever gave notice.
    Notice,
    /// Nothing: it is an answer itself. Two centres that answered answers would storm.
    None,
}

/// Who sends a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sender {
    /// The centre (上位机).
    Centre,
    /// The device on site (现场机).
    Device,
    /// A request downwards, its data upwards.
    Both,
}

/// One command (命令).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandEntry {
    /// CN.
    pub cn: u16,
    /// Its Chinese name; where an edition changed the meaning, all of them.
    pub name: String,
    /// Who sends it.
    pub sender: Sender,
    /// How it is answered.
    pub answer: Answer,
    /// The editions that have it.
    pub editions: Vec<Edition>,
}

impl CommandEntry {
    /// Whether an edition has it. The surface-water dialect is laid down nowhere public, so it has them all.
    pub fn in_edition(&self, edition: Edition) -> bool {
        edition == Edition::SurfaceWater || self.editions.contains(&edition)
    }
}

/// One factor code (监测因子编码); what is not printed is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorEntry {
    /// The code; `xx` stands for the number of a machine, `x` for one digit.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Unit of the concentration as printed.
    pub unit: String,
    /// Unit of the amount as printed.
    pub amount_unit: String,
    /// Type, for example `N5.1`: at most five digits before the point and one after it.
    pub format: String,
    /// The code of HJ/T 212-2005.
    pub code_2005: String,
    /// Whether the printed unit is known to differ from what devices send: ask the device's registration.
    pub unit_doubtful: bool,
}

/// Names of marks, return codes and systems by their code.
#[derive(Debug, Deserialize)]
pub struct Marks {
    /// Data marks (数据标记) of 2017.
    pub data_flags_2017: BTreeMap<String, String>,
    /// Data marks of 2005.
    pub data_flags_2005: BTreeMap<String, String>,
    /// Answers to a request (请求返回), 9011 `QnRtn`.
    pub request_returns: BTreeMap<String, String>,
    /// Results of an execution (执行结果), 9012 `ExeRtn`.
    pub execution_results: BTreeMap<String, String>,
    /// Systems (系统编码), ST.
    pub systems: BTreeMap<String, String>,
    /// Running states of equipment (设备运行状态), `SBx-RS`.
    pub equipment_states: BTreeMap<String, String>,
}

/// All tables.
#[derive(Debug)]
pub struct Tables {
    commands: BTreeMap<u16, CommandEntry>,
    factors: BTreeMap<String, Vec<FactorEntry>>,
    /// Marks, return codes, systems.
    pub marks: Marks,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::load().expect("a test reads the bundled tables"));

/// The bundled tables.
pub fn tables() -> &'static Tables {
    &TABLES
}

#[derive(Deserialize)]
struct Rows<T> {
    rows: Vec<T>,
    #[serde(default)]
    doubtful_units: Vec<String>,
}

impl Tables {
    fn load() -> Result<Tables, Hj212Error> {
        check_suffixes(parse("suffixes.toml", include_str!("../../../data/hj212/suffixes.toml"))?)?;
        Ok(Tables {
            commands: commands(parse("commands.toml", include_str!("../../../data/hj212/commands.toml"))?)?,
            factors: factors(parse("factors-2017.toml", include_str!("../../../data/hj212/factors-2017.toml"))?)?,
            marks: parse("marks.toml", include_str!("../../../data/hj212/marks.toml"))?,
        })
    }

    /// A command by its code.
    pub fn command(&self, cn: u16) -> Option<&CommandEntry> {
        self.commands.get(&cn)
    }

    /// The entries of a factor code; two where the standard prints a code twice, none where it prints none.
    pub fn factor(&self, code: &str) -> &[FactorEntry] {
        let exact = self.factors.get(code);
        let numbered = |digits, mark| {
            let stem = code.len().checked_sub(digits).and_then(|end| code.split_at_checked(end))?;
            stem.1.bytes().all(|byte| byte.is_ascii_digit()).then(|| self.factors.get(&format!("{}{mark}", stem.0)))?
        };
        exact.or_else(|| numbered(2, "xx")).or_else(|| numbered(1, "x")).map_or(&[], Vec::as_slice)
    }

    /// The factors that had a code under HJ/T 212-2005, for codes such as `011` or `B01`.
    pub fn factor_2005<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a FactorEntry> {
        self.factors.values().flatten().filter(move |factor| !code.is_empty() && factor.code_2005 == code)
    }

    /// Whether ST is in the table or in a range left free (A0 to Z9).
    pub fn knows_system(&self, st: &str) -> bool {
        let free = matches!(st.as_bytes(), [b'A'..=b'Z', b'0'..=b'9']);
        free || self.marks.systems.contains_key(st)
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, Hj212Error> {
    toml::from_str(text).map_err(|cause| Hj212Error::Table { file, reason: cause.to_string() })
}

fn commands(table: Rows<CommandEntry>) -> Result<BTreeMap<u16, CommandEntry>, Hj212Error> {
    let mut commands = BTreeMap::new();
    for row in table.rows {
        let cn = row.cn;
        if !(1000..=9999).contains(&cn) || row.editions.is_empty() || commands.insert(cn, row).is_some() {
            let reason = format!("CN {cn} stands twice, has no edition or is not four digits");
            return Err(Hj212Error::Table { file: "commands.toml", reason });
        }
    }
    Ok(commands)
}

fn factors(table: Rows<[String; 6]>) -> Result<BTreeMap<String, Vec<FactorEntry>>, Hj212Error> {
    let refuse = |reason| Hj212Error::Table { file: "factors-2017.toml", reason };
    let mut factors: BTreeMap<String, Vec<FactorEntry>> = BTreeMap::new();
    for [code, name, unit, amount_unit, format, code_2005] in table.rows {
        if code.is_empty() || name.is_empty() || !code.is_ascii() {
            return Err(refuse(format!("a row without code or name: {code:?} {name:?}")));
        }
        let unit_doubtful = table.doubtful_units.contains(&code);
        let entry = FactorEntry { code: code.clone(), name, unit, amount_unit, format, code_2005, unit_doubtful };
        factors.entry(code).or_default().push(entry);
    }
    match table.doubtful_units.iter().find(|code| !factors.contains_key(*code)) {
        Some(code) => Err(refuse(format!("doubtful_units names {code}, which has no row"))),
        None => Ok(factors),
    }
}

/// Code and table say the same: the code because it asks for every value, the table because people read it.
fn check_suffixes(table: Rows<[String; 4]>) -> Result<(), Hj212Error> {
    let refuse = |reason| Err(Hj212Error::Table { file: "suffixes.toml", reason });
    if table.rows.len() != Suffix::ALL.len() {
        return refuse(format!("{} rows, {} suffixes are known", table.rows.len(), Suffix::ALL.len()));
    }
    for [name, _, kind, edition] in &table.rows {
        let Some(suffix) = Suffix::of(name) else { return refuse(format!("{name} is not known")) };
        let only = suffix.only_in().map_or("", Edition::word);
        let said = match suffix.kind() {
            ValueKind::Number => "number",
            ValueKind::Mark => "mark",
            ValueKind::Time => "time",
            ValueKind::Text => "text",
        };
        if said != kind || only != edition {
            return refuse(format!("{name} is {kind:?} of {edition:?} here, {said:?} of {only:?} in the code"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_tables_read() {
        let tables = Tables::load().unwrap();
        assert_eq!(tables.commands.len(), 51);
        assert_eq!(tables.factors.values().flatten().count(), 380);
        assert_eq!(tables.command(9015).unwrap().answer, Answer::Notice);
        assert!(tables.command(2071).unwrap().in_edition(Edition::Hjt2005));
        assert!(!tables.command(2071).unwrap().in_edition(Edition::Hj2017));
    }

    #[test]
    fn a_factor_is_found_by_code_by_number_and_by_its_old_code() {
        let name = |code| tables().factor(code).iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>();
        assert_eq!(name("w01018"), ["化学需氧量"]);
        assert_eq!(name("e10103"), ["进水口流量"]);
        assert_eq!(name("i33311"), ["炉膛内上部焚烧温度"]);
        assert_eq!(name("g11901"), ["脱硫率", "入口二氧化硫SO2"]);
        for code in ["", "x", "e101", "w0101", "数", "a中文"] {
            assert!(name(code).is_empty(), "{code}");
        }
        assert_eq!(tables().factor_2005("011").next().unwrap().code, "w01018");
        assert_eq!(tables().factor_2005("").count(), 0);
        assert!(tables().factor("a34001")[0].unit_doubtful && !tables().factor("a34013")[0].unit_doubtful);
    }

    #[test]
    fn systems_are_those_of_the_table_and_the_free_range() {
        for (st, known) in [("31", true), ("A0", true), ("45", true), ("80", false), ("101", false), ("a0", false)] {
            assert_eq!(tables().knows_system(st), known, "{st}");
        }
    }
}
