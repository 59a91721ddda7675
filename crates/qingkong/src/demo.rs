use crate::failure::Failure;
use crate::import::{self, Source};
use crate::place::{DEMO_SETTING, Place};
use crate::serve::{DEFAULT_LISTEN, bind, until_interrupted};
use crate::steps::{Steps, seconds};
use server::{AppState, ClockMode, Issued, Options, Progress};
use std::net::SocketAddr;
use std::sync::Arc;
use store::Store;
use units::{BeijingHour, WarningLevel};

/// The evening before the episode of 15–22 January 2018 in northern Jiangsu.
const AS_OF: &str = "2018-01-13T20:00:00+08:00";

/// Official hourly values, see `data/demo/SOURCES.md`.
const BUNDLED: [Source; 4] = [
    bundled(
        "data/demo/jiangsu-cities-2014-07_2018-06.parquet",
        include_bytes!("../../../data/demo/jiangsu-cities-2014-07_2018-06.parquet"),
    ),
    bundled(
        "data/demo/neighbours-winter-2017-18.parquet",
        include_bytes!("../../../data/demo/neighbours-winter-2017-18.parquet"),
    ),
    bundled("data/demo/stations.csv", include_bytes!("../../../data/demo/stations.csv")),
    bundled(
        "data/demo/stations-2018-02-20T07.parquet",
        include_bytes!("../../../data/demo/stations-2018-02-20T07.parquet"),
    ),
];

const fn bundled(name: &'static str, bytes: &'static [u8]) -> Source {
    Source::Bundled(name, bytes)
}

/// `qingkong demo`.
#[derive(clap::Args)]
pub struct Args {
    /// 监听地址 · address to listen on; port 0 takes a free one
    #[arg(long, default_value = DEFAULT_LISTEN)]
    listen: SocketAddr,
    /// 回放时刻 · the moment shown, RFC 3339; an earlier session's moment is kept when this is not given
    #[arg(long)]
    as_of: Option<BeijingHour>,
    #[command(flatten)]
    place: Place,
}

/// Loads the bundled winter, runs the chain up to the as-of moment, and serves the pages.
pub async fn run(args: Args) -> Result<(), Failure> {
    let listener = bind(args.listen).await?;
    let start = args.as_of.unwrap_or(AS_OF.parse()?);
    let store = args.place.open().await?;
    mark_as_demonstration(&store).await?;
    eprintln!("晴空 Qingkong {}  演示：回放真实历史数据，未经审核", env!("CARGO_PKG_VERSION"));
    let mut steps = Steps::new(BUNDLED.len() + 3);
    people(&store, &mut steps).await?;
    for source in &BUNDLED {
        load(&store, source, &mut steps).await?;
    }
    if let Some(as_of) = args.as_of {
        store.set_setting("as_of", &as_of.to_string()).await?;
    }
    let options = Options {
        demo: true,
        clock: ClockMode::Replay(start),
        data_dir: Some(args.place.data_dir.clone()),
        ..Options::default()
    };
    let state = AppState::new(store, options).await?;
    let issued = forecast(&state, &mut steps).await?;
    warn(&state, &issued, &mut steps).await?;
    // Yesterday's forecasts and those before, so that there is something to be verified; nobody waits for them.
    server::ask_backfill(&state).await?;
    eprintln!("就绪 ready in {}  http://{}", seconds(steps.elapsed()), listener.local_addr()?);
    until_interrupted(listener, state).await
}

/// Demonstration data never mixes with a department's own: a database that holds other imports is left alone.
async fn mark_as_demonstration(store: &Store) -> Result<(), Failure> {
    if store.setting(DEMO_SETTING).await?.is_none() && !store.imports().await?.is_empty() {
        return Err(Failure::refused(format_args!(
            "{} holds observations of its own; the demonstration needs a folder of its own, choose one with --data-dir; \
             nothing was changed",
            store.place()
        )));
    }
    Ok(store.set_setting(DEMO_SETTING, "true").await?)
}

/// The organisation of Jiangsu, accounts to try and their roles, each by its command; what is there stays.
async fn people(store: &Store, steps: &mut Steps) -> Result<(), Failure> {
    let step = steps.begin("组织与账号 people", None);
    server::install_demonstration(store).await?;
    step.done(&format!("演示账号密码 password of the demonstration's accounts: {}", server::DEMO_PASSWORD));
    Ok(())
}

/// Brings one bundled file in, unless these very bytes are stored already.
async fn load(store: &Store, source: &Source, steps: &mut Steps) -> Result<(), Failure> {
    let step = steps.begin(&format!("导入 import {}", source.name()), Some(source.length()?));
    let outcome = import::load(store, source, &step).await?;
    step.done(&outcome.summary());
    Ok(())
}

/// The run of the moment shown: read back, or trained and issued now.
async fn forecast(state: &AppState, steps: &mut Steps) -> Result<Arc<Issued>, Failure> {
    let issue = server::issue_shown(state.as_of());
    let step = steps.begin(&format!("起报 forecast {issue}"), None);
    let issued = server::ensure_run(state, issue, &mut |progress| match progress {
        Progress::Loading => step.doing("读取实况 reading observations"),
        Progress::Training { hours } => step.doing(&format!("训练 training on {hours} h")),
        Progress::Issuing => step.doing("计算成员 computing members"),
    })
    .await?;
    let run = &issued.run.trajectories;
    step.done(&format!(
        "{}，{} 成员 × {} 城市 × {} 小时",
        issued.run.model_id,
        run.members,
        run.cities.len(),
        run.hours
    ));
    Ok(issued)
}

/// What the plan says of the run; a proposal, for nobody has signed it.
async fn warn(state: &AppState, issued: &Arc<Issued>, steps: &mut Steps) -> Result<(), Failure> {
    let step = steps.begin("研判 warning check", None);
    let check = server::propose(state, issued).await?;
    let of_level = |level: WarningLevel| {
        let named =
            |code: &String| observe::regions::by_code_text(code).map_or(code.clone(), |region| region.name.clone());
        let cities: Vec<String> =
            check.cities.iter().filter(|city| city.level == Some(level)).map(|city| named(&city.city)).collect();
        (!cities.is_empty()).then(|| format!("{} {}", level.code(), cities.join("、")))
    };
    let levels: Vec<String> = WarningLevel::ALL.into_iter().rev().filter_map(of_level).collect();
    let said = if levels.is_empty() { "无预警建议 no proposal".to_string() } else { levels.join("；") };
    step.done(&format!("{}：{said}", check.plan));
    Ok(())
}
