use super::shown::{Shown, rendered};
use crate::ServerError;
use crate::auth::Person;
use crate::extract::Body;
use crate::list::Listed;
use crate::problem::Problem;
use axum::Json;
use notify::Template;
use org::Right;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A message template (消息模板).
#[derive(Serialize, ToSchema)]
pub(crate) struct TemplateLine {
    /// Identifier, both languages, link, and every placeholder with an example.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    template: Template,
}

/// Values to try a template with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewWish {
    /// The template.
    id: String,
    /// A text or number for every placeholder; the examples when left out.
    #[schema(value_type = Option<Object>)]
    values: Option<Value>,
}

/// All message templates.
#[utoipa::path(get, path = "/api/v1/templates", tag = "notify",
    responses((status = 200, body = Listed<TemplateLine>), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn templates(person: Person) -> Result<Json<Listed<TemplateLine>>, ServerError> {
    person.need(Right::ChannelRead)?;
    let lines = notify::templates().map(|template| TemplateLine { template: template.clone() });
    Ok(Json(Listed::whole(lines.collect())))
}

/// Renders a template without sending anything. Refuses `N-101` to `N-105`: a missing or unknown value too.
#[utoipa::path(post, path = "/api/v1/templates/preview", tag = "notify", request_body = PreviewWish,
    responses((status = 200, body = Shown), (status = "default", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn preview(person: Person, Body(wish): Body<PreviewWish>) -> Result<Json<Shown>, ServerError> {
    person.need(Right::ChannelRead)?;
    let values = match wish.values {
        Some(values) => values,
        None => notify::template(&wish.id)?.example(),
    };
    Ok(Json(rendered(&wish.id, &values)?))
}
