use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use units::{BeijingHour, TimeError};

/// Why a request is refused or cannot be answered. Codes `A-…` are this crate's own; a step's own error
/// keeps the code it came with.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A query parameter that cannot be read.
    #[error("A-101 {0}")]
    BadQuery(String),
    /// A body that cannot be read.
    #[error("A-102 {0}")]
    BadBody(String),
    /// A change sent as something else than JSON.
    #[error("A-103 send the body as application/json, not as {0:?}")]
    NotJson(String),
    /// An address that names nothing.
    #[error("A-104 there is nothing at {0}")]
    NotFound(String),
    /// A known address, another method.
    #[error("A-105 {0} does not take this method")]
    MethodNotAllowed(String),
    /// Larger than any body this server expects.
    #[error("A-106 the body is larger than {0} bytes")]
    BodyTooLarge(usize),
    /// Not done in time.
    #[error("A-107 not answered within {0} seconds; try again, or ask for a shorter period")]
    TooSlow(u64),
    /// A request for another host's pages.
    #[error("A-108 this server does not answer for host {0:?}; add it to the configured host names if it should")]
    UnknownHost(String),
    /// A moment outside the stored data.
    #[error("A-201 {asked} lies outside {min} to {max}")]
    ClockOutOfRange {
        /// What was asked for.
        asked: BeijingHour,
        /// The first hour that can be set.
        min: BeijingHour,
        /// The last hour that can be set.
        max: BeijingHour,
    },
    /// The clock of a live system is not ours to set.
    #[error("A-202 the clock follows the wall clock and cannot be set")]
    ClockIsLive,
    /// A period that ends before it begins, or is too long.
    #[error("A-203 the period {from} to {to} {why}")]
    BadPeriod {
        /// First hour or day.
        from: String,
        /// Last hour or day.
        to: String,
        /// What is wrong with it.
        why: String,
    },
    /// A city that is not on file.
    #[error("A-204 no city {0:?} on file")]
    UnknownCity(String),
    /// A plan that is not on file.
    #[error("A-205 no warning plan {0:?}; known are {1}")]
    UnknownPlan(String, String),
    /// No forecast for the moment shown.
    #[error("F-404 {0}")]
    NoRun(String),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The standards refused.
    #[error(transparent)]
    Standards(#[from] ::standards::StandardsError),
    /// The forecast refused.
    #[error(transparent)]
    Forecast(#[from] ::forecast::ForecastError),
    /// The warning rules refused.
    #[error(transparent)]
    Warn(#[from] ::warn::WarnError),
    /// A step of the background work broke down.
    #[error("A-501 {0}")]
    Broken(String),
    /// The server cannot listen where it was told to.
    #[error("A-502 cannot serve: {0}")]
    Serve(std::io::Error),
}

impl ServerError {
    /// Status, Chinese title, English title.
    pub(crate) fn meaning(&self) -> (StatusCode, &'static str, &'static str) {
        use ServerError as E;
        match self {
            E::BadQuery(_) => (StatusCode::BAD_REQUEST, "请求参数有误", "A parameter cannot be read"),
            E::BadBody(_) => (StatusCode::UNPROCESSABLE_ENTITY, "请求内容有误", "The body cannot be read"),
            E::NotJson(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "请求须为 JSON 格式", "The body must be JSON"),
            E::NotFound(_) => (StatusCode::NOT_FOUND, "地址不存在", "Nothing at this address"),
            E::MethodNotAllowed(_) => {
                (StatusCode::METHOD_NOT_ALLOWED, "该地址不支持此操作", "Not possible at this address")
            }
            E::BodyTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "请求内容过大", "The body is too large"),
            E::TooSlow(_) => (StatusCode::SERVICE_UNAVAILABLE, "处理超时", "Not answered in time"),
            E::UnknownHost(_) => (StatusCode::MISDIRECTED_REQUEST, "未配置的主机名", "Unknown host name"),
            E::ClockOutOfRange { .. } => {
                (StatusCode::UNPROCESSABLE_ENTITY, "时刻超出数据范围", "The moment lies outside the data")
            }
            E::ClockIsLive => {
                (StatusCode::CONFLICT, "实时模式下不能设置时钟", "The clock of a live system cannot be set")
            }
            E::BadPeriod { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "时间段有误", "The period cannot be used"),
            E::UnknownCity(_) => (StatusCode::NOT_FOUND, "没有该城市", "No such city"),
            E::UnknownPlan(..) => (StatusCode::NOT_FOUND, "没有该预案", "No such warning plan"),
            E::NoRun(_) => (StatusCode::NOT_FOUND, "该时刻没有可用预报", "No forecast for this moment"),
            E::Store(_) => (StatusCode::INTERNAL_SERVER_ERROR, "数据库无法应答", "The database cannot answer"),
            E::Standards(_) => (StatusCode::UNPROCESSABLE_ENTITY, "数据不能按标准计算", "The data cannot be evaluated"),
            E::Forecast(_) => (StatusCode::NOT_FOUND, "该时刻没有可用预报", "No forecast for this moment"),
            E::Warn(_) => (StatusCode::INTERNAL_SERVER_ERROR, "预案不能研判", "The plan cannot be checked"),
            E::Broken(_) | E::Serve(_) => (StatusCode::INTERNAL_SERVER_ERROR, "服务内部错误", "The server failed"),
        }
    }

    /// What a refused change left untouched.
    pub(crate) fn kept(&self) -> Option<&'static str> {
        match self {
            ServerError::ClockOutOfRange { .. } | ServerError::ClockIsLive => Some("clock"),
            _ => None,
        }
    }
}

impl From<QueryRejection> for ServerError {
    fn from(rejection: QueryRejection) -> Self {
        ServerError::BadQuery(rejection.body_text())
    }
}

impl From<PathRejection> for ServerError {
    fn from(rejection: PathRejection) -> Self {
        ServerError::NotFound(rejection.body_text())
    }
}

impl From<JsonRejection> for ServerError {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::MissingJsonContentType(_) => ServerError::NotJson("something else".into()),
            other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                ServerError::BodyTooLarge(crate::router::BODY_LIMIT)
            }
            other => ServerError::BadBody(other.body_text()),
        }
    }
}

impl From<TimeError> for ServerError {
    fn from(error: TimeError) -> Self {
        ServerError::BadQuery(error.to_string())
    }
}
