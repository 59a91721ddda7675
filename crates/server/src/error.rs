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
    /// Nobody is logged in.
    #[error("A-301 log in first; the session has ended or never began")]
    NotLoggedIn,
    /// Login or password or code is wrong; which one is not told.
    #[error("A-302 login, password or code is wrong")]
    WrongLogin,
    /// The password is right, and the account has one-time codes.
    #[error("A-303 give the six digits of the authenticator app too")]
    CodeNeeded,
    /// Too many wrong passwords.
    #[error("A-304 locked until {0} after too many wrong passwords; an administrator can unlock the account")]
    Locked(units::Instant),
    /// More tries than a person makes.
    #[error("A-305 too many tries; wait {0} seconds")]
    TooManyTries(u64),
    /// No role in force gives this right.
    #[error(
        "A-306 this needs the right {0}, which no role of yours gives; security administrators propose and approve roles"
    )]
    NotAllowed(org::Right),
    /// A change that another site's page may have sent.
    #[error("A-307 the change did not come from this site's own page; reload the page and try again")]
    ForeignOrigin,
    /// The account must be made safe before anything else.
    #[error("A-308 {}", set_up_text(.0))]
    SetUpFirst(crate::auth::SetUp),
    /// A one-time code that does not fit, or was used before.
    #[error("A-309 the code is wrong or was used before; wait for the next one")]
    WrongCode,
    /// Something only a person at a screen may do.
    #[error("A-310 an API token cannot do this; log in")]
    SessionNeeded,
    /// A command without a key.
    #[error("A-311 send Idempotency-Key, 1 to 128 plain letters, the same one when the command is sent again")]
    NoKey,
    /// A change without the version it was decided on.
    #[error("A-312 send If-Match with the version that ETag gave")]
    NoVersion,
    /// The login at the identity provider failed.
    #[error("A-313 the login by the identity provider was refused: {0}")]
    OidcRefused(String),
    /// The identity provider does not answer as agreed.
    #[error("A-314 the identity provider cannot be used now: {0}; log in with login and password, or try later")]
    OidcBroken(String),
    /// A moment, name or number of a session's own settings that cannot be taken.
    #[error("A-315 {0}")]
    BadSetting(String),
    /// A command decided on an older state.
    #[error("{0}")]
    Stale(String),
    /// A command that the rules of its step refuse, in that step's words and code.
    #[error("{0}")]
    Refused(String),
    /// A step on a thing that is seen, by somebody who may not take it; the text is that of the rules.
    #[error("{0}")]
    Forbidden(String),
    /// More rows than a sheet is for.
    #[error("A-341 more than {0} rows; narrow the list before exporting it, so that nothing is left out")]
    TooMuchToExport(usize),
    /// Nothing is kept outside the database.
    #[error("A-342 this server has no data folder to keep signed roots in; sign them with qingkong audit anchor")]
    NoDataFolder,
    /// No font that Chinese documents can be set in.
    #[error("A-343 no font with Chinese letters: lay one into fonts/ of the data folder, or ask for docx; tried {0}")]
    NoFont(String),
    /// A guest's link that lets nobody in.
    #[error("{0}")]
    GuestRefused(String),
    /// No forecast for the moment shown.
    #[error("F-404 {0}")]
    NoRun(String),
    /// A file that is not taken in, or a step of its history that is refused.
    #[error(transparent)]
    Attachment(#[from] ::attachment::AttachmentError),
    /// The rules about people and organisations refused.
    #[error(transparent)]
    Org(#[from] org::OrgError),
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
            E::NotLoggedIn => (StatusCode::UNAUTHORIZED, "请先登录", "Log in first"),
            E::WrongLogin => (StatusCode::UNAUTHORIZED, "用户名、密码或动态口令有误", "The login was refused"),
            E::CodeNeeded => (StatusCode::UNAUTHORIZED, "请输入动态口令", "A one-time code is needed"),
            E::Locked(_) => (StatusCode::LOCKED, "账号已锁定", "The account is locked"),
            E::TooManyTries(_) => (StatusCode::TOO_MANY_REQUESTS, "尝试过于频繁", "Too many tries"),
            E::NotAllowed(_) => (StatusCode::FORBIDDEN, "没有此项权限", "Not within your rights"),
            E::ForeignOrigin => (StatusCode::FORBIDDEN, "请求不是来自本站页面", "Not from this site's own page"),
            E::SetUpFirst(_) => (StatusCode::FORBIDDEN, "请先完成账号安全设置", "Make the account safe first"),
            E::WrongCode => (StatusCode::UNPROCESSABLE_ENTITY, "动态口令有误", "The code is wrong"),
            E::SessionNeeded => (StatusCode::FORBIDDEN, "须登录后操作", "Only after a login"),
            E::NoKey => (StatusCode::BAD_REQUEST, "缺少幂等键", "The command has no key"),
            E::NoVersion => (StatusCode::PRECONDITION_REQUIRED, "缺少版本号", "The version is missing"),
            E::OidcRefused(_) => (StatusCode::UNAUTHORIZED, "统一身份认证未通过", "Refused by the identity provider"),
            E::OidcBroken(_) => (StatusCode::BAD_GATEWAY, "统一身份认证不可用", "The identity provider fails"),
            E::BadSetting(_) => (StatusCode::UNPROCESSABLE_ENTITY, "内容有误", "This cannot be taken"),
            E::Stale(_) => (StatusCode::PRECONDITION_FAILED, "内容已被他人更改", "It has been changed since"),
            E::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "按规则不能这样做", "The rules refuse this"),
            E::Attachment(error) => crate::attachment::meaning(error),
            E::Forbidden(_) => (StatusCode::FORBIDDEN, "您不能对此进行该操作", "Not yours to do"),
            E::TooMuchToExport(_) => (StatusCode::UNPROCESSABLE_ENTITY, "导出内容过多", "Too much to export"),
            E::NoDataFolder => (StatusCode::CONFLICT, "未配置数据目录", "No data folder"),
            E::NoFont(_) => (StatusCode::CONFLICT, "缺少中文字体", "No font for PDF"),
            E::GuestRefused(_) => (StatusCode::UNAUTHORIZED, "来宾链接无效", "The guest's link is refused"),
            E::NoRun(_) => (StatusCode::NOT_FOUND, "该时刻没有可用预报", "No forecast for this moment"),
            E::Store(store::StoreError::BadMark { .. }) => {
                (StatusCode::BAD_REQUEST, "翻页标记有误", "Not the mark of a page")
            }
            E::Store(store::StoreError::Changed { .. }) => {
                (StatusCode::PRECONDITION_FAILED, "内容已被他人更改", "It has been changed since")
            }
            E::Org(_) => (StatusCode::UNPROCESSABLE_ENTITY, "按规则不能这样做", "The rules refuse this"),
            E::Store(_) => (StatusCode::INTERNAL_SERVER_ERROR, "数据库无法应答", "The database cannot answer"),
            E::Standards(_) => (StatusCode::UNPROCESSABLE_ENTITY, "数据不能按标准计算", "The data cannot be evaluated"),
            E::Forecast(_) => (StatusCode::NOT_FOUND, "该时刻没有可用预报", "No forecast for this moment"),
            E::Warn(::warn::WarnError::NotIssued(_)) => (StatusCode::NOT_FOUND, "没有该文件", "No such document"),
            E::Warn(
                ::warn::WarnError::NoPlan { .. }
                | ::warn::WarnError::PlansOverlap { .. }
                | ::warn::WarnError::BadSender
                | ::warn::WarnError::Plan { .. },
            ) => (StatusCode::UNPROCESSABLE_ENTITY, "按规则不能这样做", "The rules refuse this"),
            E::Warn(_) => (StatusCode::INTERNAL_SERVER_ERROR, "预案不能研判", "The plan cannot be checked"),
            E::Broken(_) | E::Serve(_) => (StatusCode::INTERNAL_SERVER_ERROR, "服务内部错误", "The server failed"),
        }
    }

    /// What a refused change left untouched.
    pub(crate) fn kept(&self) -> Option<&'static str> {
        match self {
            ServerError::ClockOutOfRange { .. } | ServerError::ClockIsLive => Some("clock"),
            ServerError::Stale(_) => Some("draft"),
            _ => None,
        }
    }

    /// What must be given or done first, in a word the page acts on.
    pub(crate) fn needs(&self) -> Option<&'static str> {
        match self {
            ServerError::CodeNeeded => Some("totp"),
            ServerError::SetUpFirst(set_up) => Some(set_up.word()),
            _ => None,
        }
    }

    /// Seconds to wait before trying again.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            ServerError::TooManyTries(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

fn set_up_text(set_up: &crate::auth::SetUp) -> &'static str {
    match set_up {
        crate::auth::SetUp::Password => {
            "set a password of your own first; until then only the account's own page answers"
        }
        crate::auth::SetUp::Totp => "set up one-time codes first; administrators and auditors need them",
    }
}

/// Stale or reused is told apart from what the rules refuse; the texts keep their codes.
impl<R: std::error::Error + Send + Sync + 'static> From<store::ExecuteError<R>> for ServerError {
    fn from(error: store::ExecuteError<R>) -> Self {
        match error {
            store::ExecuteError::Store(error) => ServerError::Store(error),
            stale @ store::ExecuteError::Stale { .. } => ServerError::Stale(stale.to_string()),
            other => ServerError::Refused(other.to_string()),
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
