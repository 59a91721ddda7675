//! 附件 · files as evidence: taken in piece by piece, kept under their digest, sent out by the scope of their matter.

mod digest;
mod disposition;
mod folder;
mod options;
mod receive;
mod send;
mod view;
mod withdraw;

use crate::AppState;
use ::attachment::AttachmentError;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{Method, StatusCode};
pub(crate) use folder::Folder;
pub use options::AttachmentOptions;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
pub(crate) use view::AttachmentView;

const PATH: &str = "/api/v1/attachments";

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    // The limit of an upload is counted while it comes in, and its refusal says how much is taken.
    let taking = OpenApiRouter::new().routes(routes!(receive::add, view::list)).layer(DefaultBodyLimit::disable());
    OpenApiRouter::new().merge(taking).routes(routes!(send::content)).routes(routes!(withdraw::withdraw))
}

/// Whether a request may take longer than others: a film from a telephone beside a chimney does.
pub(crate) fn takes_long(request: &Request) -> bool {
    request.method() == Method::POST && request.uri().path() == PATH
}

/// Status, Chinese title, English title of a refusal.
pub(crate) fn meaning(error: &AttachmentError) -> (StatusCode, &'static str, &'static str) {
    use AttachmentError as E;
    match error {
        E::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "附件过大", "The file is too large"),
        E::NotTaken { .. } | E::Program { .. } | E::Markup { .. } => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "不接收此类文件", "This kind of file is not taken")
        }
        E::OtherName { .. } => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "文件名与内容不符", "Name and content disagree"),
        E::Macros { .. } => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "不接收含宏的文档", "Documents with macros are not taken")
        }
        E::Empty | E::Package { .. } | E::NoReason(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "附件不能使用", "The file cannot be used")
        }
        E::Unreadable(_) => (StatusCode::INTERNAL_SERVER_ERROR, "附件无法读取", "The file cannot be read"),
        E::Exists | E::Withdrawn(_) => (StatusCode::CONFLICT, "佐证只增不改", "Evidence is added, never replaced"),
        E::Unknown => (StatusCode::NOT_FOUND, "地址不存在", "Nothing at this address"),
    }
}
