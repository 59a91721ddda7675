//! A small house to test in: a database in a folder of its own, made-up observations, and a client.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::{Router, http};
use http_body_util::BodyExt;
use server::{AppState, ClockMode, DEMO_PASSWORD, Options};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{ImportFile, ImportReport, Row, Store};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt;
use units::{BeijingHour, Concentration, Pollutant, Reading, SiteCode};

/// The cities of the province.
pub const CITIES: [&str; 13] = [
    "320100", "320200", "320300", "320400", "320500", "320600", "320700", "320800", "320900", "321000", "321100",
    "321200", "321300",
];

pub struct House {
    pub folder: TempDir,
    pub state: AppState,
    /// Of the account that sees all of the air work, for tests that are not about accounts.
    pub keys: Keys,
}

/// What a browser holds of a session.
#[derive(Clone, Debug)]
pub struct Keys {
    pub session: String,
    pub csrf: String,
}

/// Somebody logged in, with the calls of a browser.
pub struct Visitor<'a> {
    house: &'a House,
    pub keys: Keys,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

pub fn hour(text: &str) -> BeijingHour {
    text.parse().unwrap()
}

/// The hour most tests stand at.
pub fn evening() -> BeijingHour {
    hour("2018-01-13T20:00:00+08:00")
}

impl House {
    /// Values come from `value(city, pollutant, hour)`, in whole µg/m³, for all cities from `from` to `to`.
    pub async fn with(
        from: BeijingHour,
        to: BeijingHour,
        as_of: BeijingHour,
        value: impl Fn(usize, Pollutant, BeijingHour) -> Option<i64>,
    ) -> House {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(with_people().await, folder.path().join("qingkong.db")).unwrap();
        let store = open(&folder).await;
        let mut rows = Vec::new();
        for (place, city) in CITIES.iter().enumerate() {
            let site: SiteCode = city.parse().unwrap();
            for pollutant in Pollutant::ALL {
                let one = |n| {
                    let value = value(place, pollutant, from + n)?;
                    let reading = Reading::Valid(Concentration::micrograms(value));
                    Some(Row { site: site.clone(), pollutant, hour: from + n, reading })
                };
                rows.extend((0..=to - from).filter_map(one));
            }
        }
        import(&store, "made-up.csv", &rows).await;
        House::opened(store, options(as_of, &folder), folder).await
    }

    async fn opened(store: Store, options: Options, folder: TempDir) -> House {
        let state = AppState::new(store, options).await.unwrap();
        let keys = Keys { session: String::new(), csrf: String::new() };
        let house = House { folder, state, keys };
        let keys = house.keys_of("leader").await;
        House { keys, ..house }
    }

    /// A house of files that somebody lays into its folder.
    pub async fn copied(lay: impl FnOnce(&std::path::Path)) -> House {
        let folder = tempfile::tempdir().unwrap();
        lay(folder.path());
        House::opened(open(&folder).await, options(evening(), &folder), folder).await
    }

    /// The demonstration's people and no observations, with options of one's own.
    pub async fn of_people(change: impl FnOnce(&mut Options)) -> House {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(with_people().await, folder.path().join("qingkong.db")).unwrap();
        let mut options = options(evening(), &folder);
        change(&mut options);
        House::opened(open(&folder).await, options, folder).await
    }

    /// Logs in with the password of the demonstration.
    pub async fn visitor(&self, login: &str) -> Visitor<'_> {
        Visitor { house: self, keys: self.keys_of(login).await }
    }

    async fn keys_of(&self, login: &str) -> Keys {
        let answer = self.log_in(&serde_json::json!({ "login": login, "password": DEMO_PASSWORD })).await;
        assert_eq!(answer.status, StatusCode::OK, "{login}: {}", answer.text());
        answer.keys()
    }

    /// Somebody with these keys.
    pub fn with_keys(&self, keys: Keys) -> Visitor<'_> {
        Visitor { house: self, keys }
    }

    /// The options the house runs with.
    pub fn options(&self) -> Options {
        options(evening(), &self.folder)
    }

    /// `POST /session` of somebody without a session.
    pub async fn log_in(&self, body: &serde_json::Value) -> Answer {
        let request = Request::post("/api/v1/session").header(header::CONTENT_TYPE, "application/json");
        self.send_bare(request, Body::from(body.to_string())).await
    }

    /// The cookie header of the account that sees all, for a plain socket.
    pub fn cookies(&self) -> String {
        format!("qk_session={}", self.keys.session)
    }

    /// Another store on the same database, for what no route does.
    pub async fn store(&self) -> Store {
        open(&self.folder).await
    }

    /// Twelve days around the evening, clean but for PM2.5 of 40 plus the city's place.
    pub async fn plain() -> House {
        let value = |place, pollutant, _| Some(if pollutant == Pollutant::Pm25 { 40 + place as i64 } else { 20 });
        House::with(evening() - 240, evening() + 48, evening(), value).await
    }

    /// Another server on the same database.
    pub async fn reopened(&self, options: Options) -> AppState {
        AppState::new(open(&self.folder).await, options).await.unwrap()
    }

    pub fn router(&self) -> Router {
        server::router(self.state.clone())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn json(&self, path: &str) -> serde_json::Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    pub async fn put_clock(&self, body: &str) -> Answer {
        let request = Request::put("/api/v1/clock").header(header::CONTENT_TYPE, "application/json");
        self.send(request, Body::from(body.to_string())).await
    }

    /// Sends as the account that sees all, unless the request brings its own cookie or token.
    pub async fn send(&self, mut request: http::request::Builder, body: Body) -> Answer {
        let headers = request.headers_mut().unwrap();
        if !headers.contains_key(header::COOKIE) && !headers.contains_key(header::AUTHORIZATION) {
            self.keys.put(headers);
        }
        self.send_bare(request, body).await
    }

    /// Sends what is given and no more, to `localhost` unless the request names another host.
    pub async fn send_bare(&self, request: http::request::Builder, body: Body) -> Answer {
        let mut request = request.body(body).unwrap();
        request.headers_mut().entry(header::HOST).or_insert(HeaderValue::from_static("localhost:8787"));
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40000))));
        }
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

impl Keys {
    /// The cookies, and the header that changes repeat.
    pub fn put(&self, headers: &mut HeaderMap) {
        let cookies = format!("qk_session={}; qk_csrf={}", self.session, self.csrf);
        headers.insert(header::COOKIE, cookies.parse().unwrap());
        headers.insert("x-csrf-token", self.csrf.parse().unwrap());
    }
}

impl Visitor<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None, &[]).await
    }

    pub async fn json(&self, path: &str) -> serde_json::Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    /// A command under a key of its own.
    pub async fn post(&self, path: &str, body: serde_json::Value) -> Answer {
        self.call(Method::POST, path, Some(body), &[("idempotency-key", &fresh_key())]).await
    }

    /// A command on a version, under a key of its own.
    pub async fn post_on(&self, path: &str, version: u64, body: serde_json::Value) -> Answer {
        let version = format!("\"{version}\"");
        self.call(Method::POST, path, Some(body), &[("idempotency-key", &fresh_key()), ("if-match", &version)]).await
    }

    /// Anything, with headers.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        self.keys.put(request.headers_mut().unwrap());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.house.send_bare(request, body).await
    }
}

/// A key that no command has had.
pub fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("test-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A database with the demonstration's people, made once for all tests.
async fn with_people() -> PathBuf {
    static MADE: OnceCell<TempDir> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder).await;
        server::install_demonstration(&store).await.unwrap();
        store.close().await;
        folder
    });
    made.await.path().join("qingkong.db")
}

impl Answer {
    /// The session that the answer has begun.
    pub fn keys(&self) -> Keys {
        Keys { session: self.cookie("qk_session"), csrf: self.cookie("qk_csrf") }
    }

    /// A cookie that the answer sets.
    pub fn cookie(&self, name: &str) -> String {
        let lines = self.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        let pairs = lines.filter_map(|line| line.split(';').next()?.split_once('='));
        pairs.filter(|(known, _)| *known == name).map(|(_, value)| value.to_string()).next().unwrap_or_default()
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_string()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub fn options(as_of: BeijingHour, folder: &TempDir) -> Options {
    Options {
        demo: true,
        clock: ClockMode::Replay(as_of),
        hosts: vec!["air.example.gov.cn".into()],
        data_dir: Some(folder.path().to_path_buf()),
        members: 20,
        ..Options::default()
    }
}

async fn open(folder: &TempDir) -> Store {
    Store::open(&folder.path().join("qingkong.db").display().to_string()).await.unwrap()
}

async fn import(store: &Store, name: &str, rows: &[Row]) {
    let file = ImportFile {
        file: name.into(),
        sha256: "00".repeat(32),
        format: "cnemc-city".into(),
        source: "cnemc-city".into(),
        at: "2018-02-01T09:00:00+08:00".parse().unwrap(),
    };
    let mut import = store.import(file).await.unwrap();
    import.observations(rows).await.unwrap();
    let refusal = store::Refusal {
        line: 7,
        column: Some("PM2.5".into()),
        reason: "O-204 not a number".into(),
        text: "abc".into(),
    };
    let report = ImportReport {
        rows_read: rows.len() as u64,
        kept: rows.len() as u64,
        refused: 1,
        refusals: vec![refusal],
        ..ImportReport::default()
    };
    import.finish(&report).await.unwrap();
}

/// The demonstration's people, with nothing set.
pub async fn people() -> House {
    House::of_people(|_| ()).await
}

/// Status and code of an answer.
pub fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

/// What [`said`] gives for a refusal.
pub fn refused(code: &str, status: u16) -> (u16, String) {
    (status, code.to_string())
}
