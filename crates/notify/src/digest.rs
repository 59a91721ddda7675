use crate::{Language, Note};

/// Parts of a digest that are told in full; the rest is counted.
const TOLD: usize = 30;

/// Several notes as one (摘要), so that nobody gets thirty messages in a row. One note stays as it is.
pub fn digest(language: Language, notes: &[Note]) -> Option<Note> {
    match notes {
        [] => None,
        [one] => Some(one.clone()),
        many => {
            Some(Note { title: title(language, many.len()), text: text(language, many), link: Some("/notices".into()) })
        }
    }
}

fn title(language: Language, count: usize) -> String {
    match language {
        Language::Zh => format!("晴空:{count} 条通知"),
        Language::En => format!("Qingkong: {count} notices"),
    }
}

fn text(language: Language, notes: &[Note]) -> String {
    let told = notes.iter().take(TOLD).enumerate();
    let mut lines: Vec<String> =
        told.map(|(n, note)| format!("{}. {} — {}", n + 1, note.title, first_line(note))).collect();
    match (notes.len().saturating_sub(TOLD), language) {
        (0, _) => {}
        (more, Language::Zh) => lines.push(format!("另有 {more} 条,请在系统内查看。")),
        (more, Language::En) => lines.push(format!("{more} more; see the program.")),
    }
    lines.join("\n")
}

fn first_line(note: &Note) -> &str {
    note.text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(count: usize) -> Vec<Note> {
        (1..=count).map(|n| Note { title: format!("t{n}"), text: format!("x{n}\nmore"), link: None }).collect()
    }

    #[test]
    fn one_note_stays_as_it_is_and_many_become_one() {
        assert_eq!(digest(Language::Zh, &[]), None);
        assert_eq!(digest(Language::Zh, &notes(1)), Some(notes(1).remove(0)));
        let two = digest(Language::En, &notes(2)).unwrap();
        assert_eq!((two.title.as_str(), two.text.as_str()), ("Qingkong: 2 notices", "1. t1 — x1\n2. t2 — x2"));
    }

    #[test]
    fn a_long_digest_says_how_many_it_leaves_out() {
        let text = digest(Language::Zh, &notes(33)).unwrap().text;
        assert!(text.contains("30. t30") && !text.contains("31. ") && text.ends_with("另有 3 条,请在系统内查看。"));
    }
}
