//! `qingkong plan list`: the emergency reduction list from the workbook to the instance.

mod told;

use crate::failure::Failure;
use crate::input;
use crate::output::Output;
use ::plan::list::{
    self, Barrier, ImportOptions, Lawful, Precursor, Scheme, demonstration, diff, import_xlsx, lawful,
    read_key_sources, read_meic, read_reas, reconcile,
};
use document::TypeFace;
use observe::regions;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use units::{RegionCode, WarningLevel};

/// `qingkong plan list`.
#[derive(clap::Subcommand)]
pub enum List {
    /// 导入清单：市里的 xlsx 或重点排污单位 JSON · a city's workbook or key sources to a list; all of it or nothing
    Import(ImportArgs),
    /// 校验并汇总 · check a list; its digest, totals, and what could be ordered at each level
    Check(CheckArgs),
    /// 版本差异 · added, removed, changed records and what that does to the totals
    Diff(DiffArgs),
    /// 与排放清单衔接 · hold a list against REAS tables or MEIC
    Reconcile(ReconcileArgs),
    /// 一厂一策 · the sheet of one enterprise as docx or PDF
    Sheet(SheetArgs),
    /// 合法可选措施 · lawful options of each entry at a level, and each exclusion with its clause
    Options(OptionsArgs),
    /// 由清单、响应、情景生成算例 · list, responses and scenarios to a plan instance
    Instance(InstanceArgs),
    /// 演示清单 · the demonstration list
    Demo(DemoArgs),
}

#[derive(clap::Args)]
pub struct ImportArgs {
    /// Workbook (.xlsx) or key sources (.json)
    file: PathBuf,
    /// 省或市：名称或代码 · province or city, name or code; a city is taken for rows that name none
    #[arg(long, value_parser = region)]
    region: RegionCode,
    /// 清单版本 · edition, such as 2026
    #[arg(long)]
    edition: String,
    /// 未注明版本的绩效等级按此方案 · scheme of a grade column that names none
    #[arg(long, default_value = "grading-2020")]
    scheme: String,
    /// 只检查，不写清单 · report only
    #[arg(long)]
    dry_run: bool,
    /// 写出标注问题的退回件 · write the workbook back with refused cells in red, hints in yellow
    #[arg(long, value_name = "FILE.xlsx")]
    marked: Option<PathBuf>,
    /// 报告为 JSON（标准错误）· the report as JSON, on standard error
    #[arg(long)]
    json: bool,
    /// Write the list here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct CheckArgs {
    /// List, JSON `qingkong-list/1`
    list: PathBuf,
    /// 绩效分级方案 · grading scheme
    #[arg(long, default_value = "grading-2020")]
    scheme: String,
    /// JSON instead of text
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct DiffArgs {
    /// The older list
    before: PathBuf,
    /// The newer list
    after: PathBuf,
    /// JSON instead of text
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct ReconcileArgs {
    /// List, JSON `qingkong-list/1`
    list: PathBuf,
    /// REAS v3.2 tables (.txt), MEIC (.xlsx)
    #[arg(required = true)]
    inventories: Vec<PathBuf>,
    /// 排放清单年份 · year of the inventory
    #[arg(long)]
    year: u16,
    /// JSON instead of text
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct SheetArgs {
    /// List, JSON `qingkong-list/1`
    list: PathBuf,
    /// Id of an entry
    id: String,
    /// 字体（PDF 需要）· an OpenType font with Chinese letters, for PDF
    #[arg(long, value_name = "FONT")]
    font: Option<PathBuf>,
    /// A name that ends in .docx or .pdf
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(clap::Args)]
pub struct OptionsArgs {
    /// List, JSON `qingkong-list/1`
    list: PathBuf,
    /// yellow, orange or red
    #[arg(long, value_parser = level)]
    level: WarningLevel,
    /// 绩效分级方案 · grading scheme
    #[arg(long, default_value = "grading-2020")]
    scheme: String,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct InstanceArgs {
    /// List, JSON `qingkong-list/1`
    list: PathBuf,
    /// yellow, orange or red
    #[arg(long, value_parser = level)]
    level: WarningLevel,
    /// 绩效分级方案 · grading scheme
    #[arg(long, default_value = "grading-2020")]
    scheme: String,
    /// 响应 · responses (JSON): receptors, sources (entry ids), precursors, coo
    #[arg(long, value_name = "FILE")]
    responses: PathBuf,
    /// 情景 · scenarios (JSON): confidence, need, response_factor, sure
    #[arg(long, value_name = "FILE")]
    scenarios: PathBuf,
    /// 预案：取其本级别的最低减排比例 · warning plan whose least cuts become legal minima: a bundled id
    #[arg(long, value_name = "ID")]
    minima_of: Option<String>,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct DemoArgs {
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn region(text: &str) -> Result<RegionCode, String> {
    let found = regions::by_code_text(text).or_else(|| regions::by_name(text));
    found.map(|region| region.code).ok_or_else(|| "no province or city of that name or code".to_string())
}

fn level(text: &str) -> Result<WarningLevel, String> {
    let found = WarningLevel::ALL.into_iter().find(|level| level.code() == text || level.name() == text);
    found.ok_or_else(|| "yellow, orange or red".to_string())
}

/// Runs the command.
pub fn run(what: List) -> Result<(), Failure> {
    match what {
        List::Import(args) => import(args),
        List::Check(args) => check(args),
        List::Diff(args) => differences(args),
        List::Reconcile(args) => held_against(args),
        List::Sheet(args) => sheet(args),
        List::Options(args) => options(args),
        List::Instance(args) => instance(args),
        List::Demo(args) => json(args.output.as_deref(), &demonstration()?),
    }
}

fn at(path: &Path, cause: impl std::fmt::Display) -> Failure {
    Failure::refused(format_args!("{}: {cause}", path.display()))
}

fn read_list(path: &Path) -> Result<list::List, Failure> {
    list::List::read(&input::bytes(path)?).map_err(|error| at(path, error))
}

fn json(path: Option<&Path>, value: &impl Serialize) -> Result<(), Failure> {
    let mut output = Output::create(path)?;
    serde_json::to_writer_pretty(&mut output, value)?;
    writeln!(output)?;
    output.finish()
}

fn text(text: &str) -> Result<(), Failure> {
    let mut output = Output::create(None)?;
    write!(output, "{text}")?;
    output.finish()
}

fn import(args: ImportArgs) -> Result<(), Failure> {
    let bytes = input::bytes(&args.file)?;
    let name = args.file.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let options = ImportOptions { file: name, region: args.region, edition: args.edition, scheme: args.scheme };
    if bytes.starts_with(b"[") {
        let (list, told) = read_key_sources(&bytes, &options).map_err(|error| at(&args.file, error))?;
        told.iter().for_each(|line| eprintln!("{line}"));
        eprintln!("{} 条记录 records", list.entries.len());
        return if args.dry_run { Ok(()) } else { json(args.output.as_deref(), &list) };
    }
    let imported = import_xlsx(&bytes, &options).map_err(|error| at(&args.file, error))?;
    if args.json {
        eprintln!("{}", serde_json::to_string_pretty(&imported.report)?);
    } else {
        eprint!("{}", told::imported(&imported.report));
    }
    if let Some(path) = &args.marked {
        let mut output = Output::create(Some(path))?;
        output.write_all(&imported.marked_copy()?)?;
        output.finish()?;
    }
    match imported.list {
        None => Err(at(&args.file, "有拒收的单元格，未导入任何记录 · cells were refused, nothing was imported")),
        Some(_) if args.dry_run => Ok(()),
        Some(list) => json(args.output.as_deref(), &list),
    }
}

/// What a check says.
#[derive(Serialize)]
struct Checked {
    digest: String,
    edition: String,
    demonstration: bool,
    entries: usize,
    companions: usize,
    without_emission: usize,
    cities: Vec<CityLine>,
    levels: Vec<LevelLine>,
}

#[derive(Serialize)]
struct CityLine {
    city: RegionCode,
    name: String,
    /// kg/day.
    daily: list::Amounts<units::KilogramPerDay>,
}

#[derive(Serialize)]
struct LevelLine {
    level: WarningLevel,
    options: usize,
    entries_with_options: usize,
    obliged: usize,
    /// kg/day if every entry does the most it can lawfully be ordered.
    most: BTreeMap<Precursor, f64>,
    excluded: BTreeMap<Barrier, usize>,
}

fn check(args: CheckArgs) -> Result<(), Failure> {
    let list = read_list(&args.list)?;
    let scheme = Scheme::bundled(&args.scheme)?;
    let name = |code| regions::by_code(code).map_or(String::new(), |region| region.name.clone());
    let cities = list.daily_totals().into_iter().map(|(city, daily)| CityLine { city, name: name(city), daily });
    let checked = Checked {
        digest: list.digest()?,
        edition: list.edition.clone(),
        demonstration: list.demonstration,
        entries: list.entries.len(),
        companions: list.companions.len(),
        without_emission: list.entries.iter().filter(|entry| entry.baseline().0.is_empty()).count(),
        cities: cities.collect(),
        levels: WarningLevel::ALL.map(|level| level_line(&list, level, &scheme)).into(),
    };
    if args.json { json(None, &checked) } else { text(&told::checked(&checked, &scheme)) }
}

fn level_line(list: &list::List, level: WarningLevel, scheme: &Scheme) -> LevelLine {
    let mut line = LevelLine {
        level,
        options: 0,
        entries_with_options: 0,
        obliged: 0,
        most: BTreeMap::new(),
        excluded: BTreeMap::new(),
    };
    for entry in &list.entries {
        let found = lawful(entry, level, scheme);
        line.options += found.offers.len();
        line.entries_with_options += usize::from(!found.offers.is_empty());
        line.obliged += usize::from(found.obliged);
        if let Some(most) = found.offers.last() {
            most.cut.known().for_each(|(precursor, cut)| *line.most.entry(precursor).or_default() += cut.0);
        }
        found.excluded.iter().for_each(|excluded| *line.excluded.entry(excluded.barrier).or_default() += 1);
    }
    line
}

fn differences(args: DiffArgs) -> Result<(), Failure> {
    let found = diff(&read_list(&args.before)?, &read_list(&args.after)?)?;
    if args.json {
        return json(None, &found);
    }
    text(&told::differences(&found))
}

fn held_against(args: ReconcileArgs) -> Result<(), Failure> {
    let list = read_list(&args.list)?;
    let mut totals = vec![];
    for path in &args.inventories {
        let name = path.display().to_string();
        let bytes = input::bytes(path)?;
        totals.extend(if bytes.starts_with(b"PK") {
            read_meic(&name, &bytes)?
        } else {
            let text = String::from_utf8(bytes).map_err(|error| at(path, error))?;
            read_reas(&name, &text)?
        });
    }
    let found = reconcile(&list, &totals, args.year);
    if args.json {
        return json(None, &found);
    }
    text(&told::held_against(&found))
}

fn sheet(args: SheetArgs) -> Result<(), Failure> {
    let list = read_list(&args.list)?;
    let sheet = list::sheet(&list, &args.id, &Scheme::all()?)?;
    let bytes = match args.output.extension().and_then(|ending| ending.to_str()) {
        Some("docx") => document::docx(&sheet)?,
        Some("pdf") => {
            let font = args
                .font
                .ok_or_else(|| Failure::refused("PDF 需要 --font · a PDF needs --font with Chinese letters"))?;
            let face = TypeFace::read(input::bytes(&font)?).map_err(|error| at(&font, error))?;
            document::pdf(&sheet, &face)?
        }
        _ => return Err(at(&args.output, "the name ends in neither .docx nor .pdf")),
    };
    let mut output = Output::create(Some(&args.output))?;
    output.write_all(&bytes)?;
    output.finish()
}

#[derive(Serialize)]
struct EntryOptions<'a> {
    entry: &'a str,
    name: &'a str,
    #[serde(flatten)]
    lawful: Lawful,
}

fn options(args: OptionsArgs) -> Result<(), Failure> {
    let list = read_list(&args.list)?;
    let scheme = Scheme::bundled(&args.scheme)?;
    let of = |entry| lawful(entry, args.level, &scheme);
    let all: Vec<EntryOptions> = list
        .entries
        .iter()
        .map(|entry| EntryOptions { entry: &entry.id, name: &entry.name, lawful: of(entry) })
        .collect();
    json(args.output.as_deref(), &all)
}

fn instance(args: InstanceArgs) -> Result<(), Failure> {
    let list = read_list(&args.list)?;
    let scheme = Scheme::bundled(&args.scheme)?;
    let responses =
        serde_json::from_slice(&input::bytes(&args.responses)?).map_err(|error| at(&args.responses, error))?;
    let scenarios =
        serde_json::from_slice(&input::bytes(&args.scenarios)?).map_err(|error| at(&args.scenarios, error))?;
    let minima = match &args.minima_of {
        None => vec![],
        Some(id) => list::minima(&list, &least(id, args.level)?),
    };
    let joined = list::instance(&list, args.level, &scheme, responses, scenarios, minima)?;
    eprintln!(
        "{} 家企业、{} 个可选措施 options；{} 个不可选 excluded；{} 家必须减排 obliged",
        joined.file.sources.len(),
        joined.offers.len(),
        joined.excluded.len(),
        joined.obliged.len()
    );
    if !joined.without_response.is_empty() {
        eprintln!(
            "{} 家没有响应，未列入算例 · without response, not in the instance: {}…",
            joined.without_response.len(),
            joined.without_response.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ")
        );
    }
    json(args.output.as_deref(), &joined.json()?)
}

/// The least cuts of a warning plan at a level, as shares.
fn least(id: &str, level: WarningLevel) -> Result<list::Amounts<units::Share>, Failure> {
    let plan = ::warn::Plan::bundled(id)?;
    let rule = plan.levels.iter().find(|rule| rule.level == level);
    let rule = rule.ok_or_else(|| Failure::refused(format_args!("plan {id} has no level {}", level.code())))?;
    let cut = rule.reduction;
    Ok(list::Amounts { so2: Some(cut.so2), nox: Some(cut.nox), pm: Some(cut.pm), vocs: Some(cut.vocs) })
}
