//! A small house to test in: a database in a folder of its own, made-up observations, and a client.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::{Router, http};
use http_body_util::BodyExt;
use server::{AppState, ClockMode, Options};
use store::{ImportFile, ImportReport, Row, Store};
use tempfile::TempDir;
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
        let state = AppState::new(store, options(as_of, &folder)).await.unwrap();
        House { folder, state }
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

    /// Sends to `localhost` unless the request names another host.
    pub async fn send(&self, request: http::request::Builder, body: Body) -> Answer {
        let mut request = request.body(body).unwrap();
        request.headers_mut().entry(header::HOST).or_insert(http::HeaderValue::from_static("localhost:8787"));
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }
}

impl Answer {
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
