use crate::failure::Failure;
use crate::place::{DEMO_SETTING, Place};
use serde::Deserialize;
use server::{
    AppState, AttachmentOptions, ClockMode, ForecastOptions, LoginOptions, NotifyOptions, OidcOptions, Options,
    WarnOptions,
};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// `qingkong serve`.
#[derive(clap::Args)]
pub struct Args {
    /// Configuration file (TOML); options on the command line win.
    #[arg(long)]
    config: Option<PathBuf>,
    /// 监听地址 · address to listen on
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Show a past moment instead of now, RFC 3339; it can then be stepped from the page.
    #[arg(long)]
    as_of: Option<units::BeijingHour>,
    #[command(flatten)]
    place: Place,
}

/// What the configuration file may say.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    listen: Option<SocketAddr>,
    data_dir: Option<PathBuf>,
    database: Option<String>,
    /// Host names this server answers for, beside localhost.
    #[serde(default)]
    hosts: Vec<String>,
    /// How people log in.
    #[serde(default)]
    login: LoginOptions,
    /// Which files are taken in.
    #[serde(default)]
    attachments: AttachmentOptions,
    /// Where notifications may go.
    #[serde(default)]
    notify: NotifyOptions,
    /// How forecast runs come to be.
    #[serde(default)]
    forecast: ForecastOptions,
    /// Who warnings come from.
    #[serde(default)]
    warnings: WarnOptions,
    /// The department's identity provider.
    oidc: Option<OidcOptions>,
}

/// The loopback port used when none is given.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8787";

/// Serves an existing data folder or database until interrupted.
pub async fn run(args: Args) -> Result<(), Failure> {
    let config = args.config.as_deref().map(read_config).transpose()?.unwrap_or_default();
    let place = Place {
        data_dir: config.data_dir.unwrap_or(args.place.data_dir),
        database: args.place.database.or(config.database),
    };
    let listen = args.listen.or(config.listen).unwrap_or(DEFAULT_LISTEN.parse()?);
    let listener = bind(listen).await?;
    let store = place.open().await?;
    let options = Options {
        demo: store.setting(DEMO_SETTING).await?.is_some(),
        clock: args.as_of.map_or(ClockMode::Live, ClockMode::Replay),
        hosts: config.hosts,
        data_dir: Some(place.data_dir.clone()),
        attachments: config.attachments,
        notify: config.notify,
        forecast: config.forecast,
        warnings: config.warnings,
        login: LoginOptions { oidc: config.oidc, ..config.login },
        ..Options::default()
    };
    if server::all_accounts(&store).await?.is_empty() {
        eprintln!("还没有账号 there are no accounts yet; open the first: qingkong user add NAME");
    }
    let state = AppState::new(store, options).await?;
    eprintln!("晴空 Qingkong  http://{}", listener.local_addr()?);
    until_interrupted(listener, state).await
}

/// Takes the port before any other work, so that a port in use is known at once and nothing is left half done.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).await.map_err(|error| {
        let hint = if error.kind() == std::io::ErrorKind::AddrInUse {
            "another program holds the port; end it, or choose another with --listen 127.0.0.1:0"
        } else {
            "choose another address with --listen"
        };
        Failure::refused(format_args!("A-502 cannot listen on {listen}: {error}; {hint}; nothing was changed"))
    })
}

/// Serves until Ctrl+C or a termination signal, then lets running requests finish.
pub async fn until_interrupted(listener: TcpListener, state: AppState) -> Result<(), Failure> {
    // Sentences for people; QINGKONG_LOG=debug tells more. A second call keeps the first subscriber.
    let filter = EnvFilter::try_from_env("QINGKONG_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(server::serve(listener, state, interrupted()).await?)
}

async fn interrupted() {
    let ctrl_c = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).expect("a signal handler can be set once at start");
        tokio::select! {
            _ = ctrl_c => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    ctrl_c.await.expect("a signal handler can be set once at start");
}

fn read_config(path: &Path) -> Result<Config, Failure> {
    let refused =
        |what: String| Failure::refused(format_args!("{}: {what}; the server was not started", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    toml::from_str(&text).map_err(|error| refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_says_how_people_log_in() {
        let text = r#"
            hosts = ["air.example.gov.cn"]
            [login]
            idle_minutes = 15
            tls = true
            forwarded_by = ["10.0.0.1"]
            [oidc]
            name = "厅统一认证"
            issuer = "https://id.example.gov.cn"
            client_id = "qingkong"
            client_secret = "s"
            redirect_url = "https://air.example.gov.cn/api/v1/oidc/callback"
        "#;
        let config: Config = toml::from_str(text).unwrap();
        assert_eq!((config.login.idle_minutes, config.login.absolute_hours, config.login.tls), (15, 12, true));
        let oidc = config.oidc.unwrap();
        assert_eq!(oidc.claim, "preferred_username");
        assert!(!format!("{oidc:?}").contains("\"s\""), "no secret in a log");
    }

    #[test]
    fn a_word_that_is_not_known_is_refused() {
        for text in ["[login]\nidle = 5", "[oidc]\nname = \"x\"", "lisen = \"127.0.0.1:1\""] {
            assert!(toml::from_str::<Config>(text).is_err(), "{text}");
        }
    }
}
