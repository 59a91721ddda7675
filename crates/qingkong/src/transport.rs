//! `qingkong transport …`: other models' output to a matrix, cuts to falls of concentration, contributions to tables, the built-in kernel.

mod answers;
mod open;

use crate::failure::Failure;
use crate::output::Output;
use ::transport::attribute::{View, along, attribute};
use ::transport::import::{Release, emissions};
use ::transport::kernel::{Settings, Weather, matrix};
use ::transport::{Imported, Matrix, Precursor, Request, TransportError};
use open::{Given, bytes, cities, note, read_one, source, write};
use std::path::{Path, PathBuf};
use units::{BeijingDay, Pollutant};

/// `qingkong transport`.
#[derive(clap::Subcommand)]
pub enum Transport {
    /// 读取模式输出 · other models' output, or a long-form table, to one matrix or table of contributions
    Import(ImportArgs),
    /// 平均足迹 · footprints of several hours of a day to their mean
    Footprint(FootprintArgs),
    /// 减排响应 · a matrix and cuts to the fall of each city's concentration
    Respond(RespondArgs),
    /// 来源解析 · contributions by city, sector, enterprise or along trajectories
    Attribute(AttributeArgs),
    /// 简化核 · an indicative matrix where no model output is there
    Kernel(KernelArgs),
}

#[derive(clap::Args)]
pub struct ImportArgs {
    /// Files of one model, run and grid; their rows are joined
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    given: Given,
    /// 示踪释放 · of a dispersion run: REGION[/SECTOR[/STACK]]
    #[arg(long, value_name = "SOURCE", requires = "release_per_day")]
    release: Option<String>,
    /// What it released
    #[arg(long, value_name = "PRECURSOR", default_value = "PM2_5")]
    release_of: Precursor,
    /// Counted as this pollutant
    #[arg(long, value_name = "POLLUTANT", default_value = "PM2_5")]
    release_as: Pollutant,
    /// Mass units of the run released in a day
    #[arg(long, value_name = "UNITS")]
    release_per_day: Option<f64>,
    /// 敲除情景 · the same run without one source: the difference is its contribution
    #[arg(long, value_name = "FILE", requires = "without_source")]
    without: Option<PathBuf>,
    /// The source left out: REGION[/SECTOR[/STACK]]
    #[arg(long, value_name = "SOURCE")]
    without_source: Option<String>,
    /// What of it was left out
    #[arg(long, value_name = "PRECURSOR", default_value = "PM2_5")]
    without_of: Precursor,
    /// 换算为响应 · divide contributions by the base emissions of `--sources`
    #[arg(long, requires = "sources")]
    responses: bool,
    /// Write here, Parquet when the name ends so; else CSV to standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct FootprintArgs {
    /// Footprints of receptor hours of the same days
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    given: Given,
    /// Write here, Parquet when the name ends so
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct RespondArgs {
    /// A matrix, as `import` or `kernel` write it
    matrix: PathBuf,
    /// 减排量 · `region,sector,stack,precursor,cut_kg_d[,base_kg_d]`
    #[arg(long, value_name = "FILE")]
    cuts: PathBuf,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum By {
    City,
    Sector,
    Enterprise,
    Trajectory,
}

#[derive(clap::Args)]
pub struct AttributeArgs {
    /// Contributions, or a matrix with `--sources`
    table: PathBuf,
    /// Base emissions that turn a matrix into contributions
    #[arg(long, value_name = "FILE")]
    sources: Option<PathBuf>,
    /// 分组 · by what
    #[arg(long, value_enum, default_value = "city")]
    by: By,
    /// 后向轨迹 · CITY=TDUMP, trajectories that arrive at the city
    #[arg(long, value_name = "CITY=FILE", required_if_eq("by", "trajectory"))]
    trajectory: Vec<String>,
    /// Kilometres from a trajectory that still count as on its way
    #[arg(long, default_value_t = 50.0, value_name = "KM")]
    near_km: f64,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct KernelArgs {
    /// 排放源 · `region,sector,stack,lon,lat,height_m` and kg/d by precursor
    #[arg(long, value_name = "FILE")]
    sources: PathBuf,
    /// 气象 · `time,[city,]from_degrees,speed_ms,stability,mixing_height_m`; without it an even rose
    #[arg(long, value_name = "FILE")]
    weather: Option<PathBuf>,
    /// First day
    #[arg(long, value_name = "DAY")]
    from: BeijingDay,
    /// Last day
    #[arg(long, value_name = "DAY")]
    to: BeijingDay,
    /// Receptors: names or codes, joined by commas; Jiangsu's cities without it
    #[arg(long, value_delimiter = ',', value_name = "CITY,…")]
    cities: Vec<String>,
    /// Pollutants
    #[arg(long, value_delimiter = ',', default_value = "PM2_5", value_name = "POLLUTANT,…")]
    pollutants: Vec<Pollutant>,
    /// Other settings than those that come with the program
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Write here, Parquet when the name ends so
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(what: Transport) -> Result<(), Failure> {
    match what {
        Transport::Import(args) => import(args),
        Transport::Footprint(args) => footprint(args),
        Transport::Respond(args) => answers::respond(&args.matrix, &args.cuts, args.output.as_deref()),
        Transport::Attribute(args) => run_attribute(args),
        Transport::Kernel(args) => kernel(args),
    }
}

fn import(args: ImportArgs) -> Result<(), Failure> {
    let open = args.given.open()?;
    let release = args.release.as_deref().map(source).transpose()?.zip(args.release_per_day);
    let release = release.map(|(source, units_per_day)| Release {
        source,
        precursor: args.release_of,
        pollutant: args.release_as,
        units_per_day,
    });
    let request = Request { release: release.as_ref(), ..open.request() };
    let mut joined: Option<Imported> = None;
    for file in &args.files {
        let next = read_one(file, &request)?;
        let refuse =
            |cause: TransportError| Failure::refused(format_args!("{}: {cause}; nothing was written", file.display()));
        joined = Some(match (joined, next) {
            (None, next) => next,
            (Some(Imported::Matrix(first)), Imported::Matrix(next)) => {
                Imported::Matrix(first.join(next).map_err(refuse)?)
            }
            (Some(Imported::Contributions(first)), Imported::Contributions(next)) => {
                Imported::Contributions(first.join(next).map_err(refuse)?)
            }
            _ => {
                let (first, second) = ("responses".to_string(), "contributions".to_string());
                return Err(refuse(TransportError::OtherStatus { first, second }));
            }
        });
    }
    let mut imported = joined.ok_or_else(|| Failure::refused("no file was given"))?;
    if let (Some(file), Some(whose)) = (&args.without, &args.without_source) {
        imported = match (imported, read_one(file, &request)?) {
            (Imported::Contributions(base), Imported::Contributions(without)) => {
                Imported::Contributions(base.less(&without, source(whose)?, args.without_of)?)
            }
            _ => return Err(Failure::refused("--without needs two runs that give concentrations, not responses")),
        };
    }
    if let (true, Imported::Contributions(contributions)) = (args.responses, &imported) {
        let (matrix, notes) = contributions.per_emission(&emissions(&open.sites), args.given.doubt())?;
        notes.iter().for_each(|told| note("responses", told));
        imported = Imported::Matrix(matrix);
    }
    write(&imported, args.output.as_deref())
}

fn footprint(args: FootprintArgs) -> Result<(), Failure> {
    let open = args.given.open()?;
    let mut hours: Vec<Matrix> = vec![];
    for file in &args.files {
        match read_one(file, &open.request())? {
            Imported::Matrix(matrix) => hours.push(matrix),
            Imported::Contributions(_) => {
                return Err(Failure::refused(format_args!("{}: contributions, not a footprint", file.display())));
            }
        }
    }
    let count = hours.len();
    let mean = Matrix::mean(hours)?.ok_or_else(|| Failure::refused("no file was given"))?;
    eprintln!("{count} receptor hours stand for the day");
    write(&Imported::Matrix(mean), args.output.as_deref())
}

fn kernel(args: KernelArgs) -> Result<(), Failure> {
    let refuse = |path: &Path, cause: TransportError| Failure::refused(format_args!("{}: {cause}", path.display()));
    let settings = match &args.settings {
        None => Settings::bundled()?,
        Some(path) => Settings::parse(&path.display().to_string(), &String::from_utf8_lossy(&bytes(path)?))?,
    };
    let sites =
        ::transport::import::read_sites(&bytes(&args.sources)?).map_err(|cause| refuse(&args.sources, cause))?;
    let weather = match &args.weather {
        Some(path) => Weather::read_csv(&bytes(path)?).map_err(|cause| refuse(path, cause))?,
        None => {
            eprintln!("no --weather: every wind direction counts alike, neutral and stable by turns");
            Weather::unknown()
        }
    };
    let span = args.to - args.from;
    if !(0..400).contains(&span) {
        return Err(Failure::refused(format_args!("{} to {}: not 1 to 400 days", args.from, args.to)));
    }
    let days: Vec<BeijingDay> = (0..=span).map(|n| args.from + n).collect();
    let (found, notes) = matrix(&settings, &weather, &sites, &cities(&args.cities)?, &days, &args.pollutants)?;
    notes.iter().for_each(|told| note("kernel", told));
    write(&Imported::Matrix(found), args.output.as_deref())
}

fn run_attribute(args: AttributeArgs) -> Result<(), Failure> {
    let contributions = match (read_one(&args.table, &Request::default())?, &args.sources) {
        (Imported::Contributions(contributions), _) => contributions,
        (Imported::Matrix(matrix), Some(path)) => {
            let sites = ::transport::import::read_sites(&bytes(path)?)
                .map_err(|cause| Failure::refused(format_args!("{}: {cause}", path.display())))?;
            matrix.contributions(&emissions(&sites))?
        }
        (Imported::Matrix(_), None) => {
            let path = args.table.display();
            return Err(Failure::refused(format_args!("{path}: a matrix needs --sources to become contributions")));
        }
    };
    if contributions.totals.is_empty() {
        eprintln!("no total is known: shares are of what is explained, and what is not explained is not known");
    }
    let lines = match args.by {
        By::City => attribute(&contributions, View::City),
        By::Sector => attribute(&contributions, View::Sector),
        By::Enterprise => attribute(&contributions, View::Enterprise),
        By::Trajectory => {
            let places = observe::regions::all().iter().map(|region| (region.code, (region.lon, region.lat))).collect();
            along(&contributions, &open::trajectories(&args.trajectory)?, &places, args.near_km * 1000.0)
        }
    };
    let mut output = Output::create(args.output.as_deref())?;
    answers::write_lines(&lines, &mut output)?;
    output.finish()
}
