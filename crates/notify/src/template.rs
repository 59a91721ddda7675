use crate::NotifyError;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One message template (消息模板), as data: plain text in two languages with placeholders `{name}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Identifier, the name of its file.
    pub id: String,
    /// Chinese title, one line.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Chinese text.
    pub text: String,
    /// English text.
    pub text_en: String,
    /// The page it leads to, from the program's root; empty for none.
    #[serde(default)]
    pub link: String,
    /// Every placeholder, with an example.
    pub values: BTreeMap<String, String>,
}

/// The language a channel speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// A finished message, plain text. Each channel makes its own markup of it and never finds any in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// One line.
    pub title: String,
    /// The text.
    pub text: String,
    /// Path of the page it leads to, from the program's root.
    pub link: Option<String>,
}

macro_rules! bundled {
    ($($id:literal),+ $(,)?) => {
        [$(($id, include_str!(concat!("../../../data/templates/", $id, ".toml")))),+]
    };
}
const BUNDLED: &[(&str, &str)] = &bundled![
    "channel-test",
    "consult-cancelled",
    "consult-concluded",
    "consult-invited",
    "consult-reminder",
    "consult-signed",
    "matter-assigned",
    "matter-cancelled",
    "matter-closed",
    "matter-comment",
    "matter-due-soon",
    "matter-overdue",
    "matter-rescheduled",
    "matter-returned",
    "matter-submitted",
    "warning-assessed",
    "warning-drafted",
    "warning-ending",
    "warning-issued",
    "warning-late",
    "warning-rehearsed",
    "warning-signed",
    "warning-waiting",
];

static TEMPLATES: LazyLock<BTreeMap<String, Template>> = LazyLock::new(|| {
    let read = |(id, text): &(&str, &str)| Template::read(id, text).expect("a test reads every bundled template");
    BUNDLED.iter().map(read).map(|template| (template.id.clone(), template)).collect()
});

/// All templates, by id.
pub fn templates() -> impl Iterator<Item = &'static Template> {
    TEMPLATES.values()
}

/// A template by id; refuses `N-101`.
pub fn template(id: &str) -> Result<&'static Template, NotifyError> {
    TEMPLATES.get(id).ok_or_else(|| NotifyError::UnknownTemplate(id.chars().take(80).collect()))
}

impl Template {
    /// Reads a template; refuses `N-104` when a placeholder is not declared or a declared one is never used.
    pub fn read(id: &str, text: &str) -> Result<Template, NotifyError> {
        let bad = |reason: String| NotifyError::BadTemplate { id: id.to_string(), reason };
        let template: Template = toml::from_str(text).map_err(|error| bad(error.to_string()))?;
        if template.id != id {
            return Err(bad(format!("it calls itself {:?}", template.id)));
        }
        let mut used = Vec::new();
        for part in template.parts() {
            used.extend(pieces(part).map_err(bad)?.into_iter().filter_map(|piece| piece.err()));
        }
        if let Some(name) = used.iter().find(|name| !template.values.contains_key(**name)) {
            return Err(bad(format!("{{{name}}} is not declared under [values]")));
        }
        match template.values.keys().find(|name| !used.contains(&name.as_str())) {
            Some(name) => Err(bad(format!("{{{name}}} is declared and never used"))),
            None => Ok(template),
        }
    }

    /// Fills the placeholders. A value is text and nothing else: braces in it are not placeholders, and control
    /// characters and line breaks in it become spaces. Refuses `N-102`, `N-103`, `N-105`.
    pub fn render(&self, language: Language, values: &Value) -> Result<Note, NotifyError> {
        let values = self.plain(values)?;
        let (title, text) = match language {
            Language::Zh => (&self.title, &self.text),
            Language::En => (&self.title_en, &self.text_en),
        };
        let link = (!self.link.is_empty()).then(|| self.fill(&self.link, &values, path_segment));
        Ok(Note {
            title: self.fill(title, &values, one_line),
            text: self.fill(text, &values, one_line).trim().to_string(),
            link,
        })
    }

    /// The values of the example.
    pub fn example(&self) -> Value {
        self.values.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect()
    }

    fn parts(&self) -> [&str; 5] {
        [&self.title, &self.title_en, &self.text, &self.text_en, &self.link]
    }

    fn plain(&self, values: &Value) -> Result<BTreeMap<&str, String>, NotifyError> {
        let template = || self.id.clone();
        let given =
            values.as_object().ok_or_else(|| NotifyError::NotPlain { template: template(), name: "*".into() })?;
        if let Some(name) = given.keys().find(|name| !self.values.contains_key(*name)) {
            return Err(NotifyError::UnknownValue { template: template(), name: name.chars().take(80).collect() });
        }
        let value = |name: &String| match given.get(name) {
            None | Some(Value::Null) => Err(NotifyError::MissingValue { template: template(), name: name.clone() }),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
                Err(NotifyError::NotPlain { template: template(), name: name.clone() })
            }
        };
        self.values.keys().map(|name| Ok((name.as_str(), value(name)?))).collect()
    }

    fn fill(&self, text: &str, values: &BTreeMap<&str, String>, clean: fn(&str) -> String) -> String {
        let pieces = pieces(text).expect("a template is checked when it is read");
        pieces.into_iter().map(|piece| piece.map_or_else(|name| clean(&values[name]), str::to_string)).collect()
    }
}

/// Literal text as `Ok`, the name of a placeholder as `Err`.
fn pieces(text: &str) -> Result<Vec<Result<&str, &str>>, String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        let (literal, tail) = rest.split_at(at);
        found.push(Ok(literal));
        let inner = tail.strip_prefix('{').ok_or_else(|| format!("a lone }} after {literal:?}"))?;
        let (name, after) = inner.split_once('}').ok_or_else(|| format!("a {{ that is never closed: {tail:?}"))?;
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(format!("{{{name}}} is no name of lower-case letters"));
        }
        found.push(Err(name));
        rest = after;
    }
    found.push(Ok(rest));
    Ok(found)
}

/// Control characters, and marks that turn the direction of writing, could make a message look like another one.
pub(crate) fn one_line(value: &str) -> String {
    let odd = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    value.chars().map(|c| if odd(c) { ' ' } else { c }).collect()
}

/// Only what cannot end a path segment stays as it is.
fn path_segment(value: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    value.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const GREETING: &str = r#"
        id = "greeting"
        title = "致 {name}"
        title_en = "To {name}"
        text = "{name}:{text}"
        text_en = "{name}: {text}"
        link = "/people/{name}"
        [values]
        name = "张"
        text = "您好"
    "#;

    fn greeting() -> Template {
        Template::read("greeting", GREETING).unwrap()
    }

    #[test]
    fn every_bundled_template_reads_and_renders_its_own_example_in_both_languages() {
        assert_eq!(templates().count(), BUNDLED.len());
        for template in templates() {
            for language in [Language::Zh, Language::En] {
                let note = template.render(language, &template.example()).unwrap();
                assert!(!note.title.is_empty() && !note.text.is_empty() && !note.title.contains('{'), "{note:?}");
            }
        }
    }

    #[test]
    fn a_value_is_never_a_template() {
        let values = json!({"name": "{text}", "text": "{name} {secret} ${7*7} {{x}}"});
        let note = greeting().render(Language::Zh, &values).unwrap();
        assert_eq!(note.title, "致 {text}");
        assert_eq!(note.text, "{text}:{name} {secret} ${7*7} {{x}}");
    }

    #[test]
    fn a_value_cannot_break_a_line_or_a_path() {
        let values = json!({"name": "a/../b?c\r\nBcc: x", "text": "\u{202e}abc\u{7}"});
        let note = greeting().render(Language::En, &values).unwrap();
        assert_eq!(note.title, "To a/../b?c  Bcc: x");
        assert_eq!(note.link.as_deref(), Some("/people/a%2F%2E%2E%2Fb%3Fc%0D%0ABcc%3A%20x"));
        assert!(note.text.ends_with(" abc"), "{:?}", note.text);
    }

    #[test]
    fn a_missing_an_unknown_and_a_nested_value_are_refused() {
        let refuse = |values| greeting().render(Language::Zh, &values).unwrap_err().to_string();
        assert!(refuse(json!({"name": "张"})).starts_with("N-102"));
        assert!(refuse(json!({"name": "张", "text": null})).starts_with("N-102"));
        assert!(refuse(json!({"name": "张", "text": "", "more": 1})).starts_with("N-103"));
        assert!(refuse(json!({"name": ["张"], "text": ""})).starts_with("N-105"));
        assert!(refuse(json!("name")).starts_with("N-105"));
    }

    #[test]
    fn a_template_that_does_not_say_what_it_needs_is_refused() {
        for (from, to) in [
            ("{name}:{text}", "{name}:{text} {more}"),
            ("{name}:{text}", "{name:{text}"),
            ("{name}:{text}", "{name}} {text}"),
            ("{name}:{text}", "{} {text}"),
            ("[values]", "[values]\nmore = \"\""),
            ("id = \"greeting\"", "id = \"other\""),
        ] {
            let error = Template::read("greeting", &GREETING.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().starts_with("N-104"), "{to}: {error}");
        }
    }

    proptest! {
        #[test]
        fn a_rendered_title_is_one_line_whatever_the_values(name in any::<String>(), text in any::<String>()) {
            let note = greeting().render(Language::Zh, &json!({"name": name, "text": text})).unwrap();
            prop_assert!(!note.title.chars().any(char::is_control) && !note.text.chars().any(char::is_control));
        }
    }
}
