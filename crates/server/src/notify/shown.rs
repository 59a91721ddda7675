use notify::{Language, template};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A message as people read it, in both languages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Shown {
    title: String,
    title_en: String,
    text: String,
    text_en: String,
    /// Path of the page it leads to.
    link: Option<String>,
}

/// Renders a stored message. One whose template is gone says so instead of being left out.
pub(crate) fn shown(id: &str, values: &Value) -> Shown {
    rendered(id, values).unwrap_or_else(|error| {
        let said = error.to_string();
        Shown { title: id.into(), title_en: id.into(), text: said.clone(), text_en: said, link: None }
    })
}

/// Renders a message strictly; refuses `N-101` to `N-105`.
pub(crate) fn rendered(id: &str, values: &Value) -> Result<Shown, notify::NotifyError> {
    let template = template(id)?;
    let [zh, en] = [Language::Zh, Language::En].map(|language| template.render(language, values));
    let (zh, en) = (zh?, en?);
    Ok(Shown { title: zh.title, title_en: en.title, text: zh.text, text_en: en.text, link: zh.link })
}
