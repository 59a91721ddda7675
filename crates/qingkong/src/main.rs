//! The `qingkong` binary: subcommands, configuration, progress bars.

mod aqi;
mod audit;
mod demo;
mod evaluate;
mod failure;
mod forecast;
mod fund;
mod history;
mod hj212;
mod hourly_csv;
mod import;
mod import_guidance;
mod input;
mod line_guard;
mod openapi;
mod output;
mod place;
mod plan;
mod quality;
mod rebuild;
mod schedule;
mod serve;
mod steps;
mod transport;
mod user;
mod warn;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

/// 晴空 Qingkong: observe, forecast, warn. 从小时实况到预警建议。
#[derive(Parser)]
#[command(name = "qingkong", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 载入自带的真实冬季数据，起报、研判并启动网页 · load the bundled real winter, run the chain, serve the pages
    Demo(demo::Args),
    /// 以已有数据启动服务 · serve an existing data folder or database
    Serve(serve::Args),
    /// 导入文件 · bring files in
    #[command(subcommand)]
    Import(ImportWhat),
    /// 由浓度计算 AQI · indices, level and primary pollutants of concentrations
    Aqi(aqi::Args),
    /// 按 HJ 663 评价 · evaluate a period by HJ 663
    Evaluate(evaluate::Args),
    /// 训练、起报、回算、评分 · train, issue, hindcast, score
    Forecast(forecast::Args),
    /// 预警规则 · warning rules over trajectories
    Warn(warn::Args),
    /// 减排方案 · least-cost plans with a proven gap
    Plan(plan::Args),
    /// 倒排工期 · early and late dates, slack, critical tasks and a reason for each date
    Schedule(schedule::Args),
    /// 专项资金 · fund projects
    #[command(subcommand)]
    Fund(fund::Fund),
    /// 源—受体关系 · source-receptor matrices: import, respond, attribute, kernel
    #[command(subcommand)]
    Transport(transport::Transport),
    /// HJ 212 报文 · packets of the online monitoring protocol
    Hj212(hj212::Args),
    /// 账号 · accounts, at the server's console
    #[command(subcommand)]
    User(user::User),
    /// 审计：校验、签署、导出事件记录 · check, sign and export the event log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// 由事件重建各表 · fill the tables again from the events
    Rebuild(rebuild::Args),
    /// 接口描述（OpenAPI 3.1）· the API description
    Openapi(openapi::Args),
}

#[derive(Subcommand)]
enum ImportWhat {
    /// 实况，任何已知格式 · observations in any known layout
    Observations(import::Args),
    /// 指导预报：其他模式在各城市的结果 · guidance: other models' output at the cities
    Guidance(import_guidance::Args),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => asynchronous(demo::run(args)),
        Command::Serve(args) => asynchronous(serve::run(args)),
        Command::Import(ImportWhat::Observations(args)) => asynchronous(import::run(args)),
        Command::Import(ImportWhat::Guidance(args)) => asynchronous(import_guidance::run(args)),
        Command::Aqi(args) => aqi::run(args),
        Command::Evaluate(args) => evaluate::run(args),
        Command::Forecast(args) => forecast::run(args),
        Command::Warn(args) => warn::run(args),
        Command::Plan(args) => plan::run(args),
        Command::Schedule(args) => schedule::run(args),
        Command::Fund(fund) => fund::run(fund),
        Command::Transport(what) => transport::run(what),
        Command::Hj212(args) => hj212::run(args),
        Command::User(user) => asynchronous(user::run(user)),
        Command::Audit(audit) => asynchronous(audit::run(audit)),
        Command::Rebuild(args) => asynchronous(rebuild::run(args)),
        Command::Openapi(args) => openapi::run(args),
    }
}

fn asynchronous(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
