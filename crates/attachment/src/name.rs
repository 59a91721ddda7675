/// Longest name kept, in characters; with three bytes each it fits into what every file system takes.
const LONGEST: usize = 80;
const NAMELESS: &str = "attachment";

/// The name a file is listed and sent under: the last part of any path, without what could mislead or break.
///
/// Taken out are control characters, marks that turn the reading direction (an `exe` that reads like a `jpg`),
/// invisible letters, and characters that some system gives a meaning. What is left of a long name keeps its ending.
/// Never empty.
///
/// ```
/// assert_eq!(attachment::clean("../../etc/passwd"), "passwd");
/// assert_eq!(attachment::clean("C:\\照片\\现场 1.jpg"), "现场 1.jpg");
/// ```
pub fn clean(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|letter| !is_hidden(*letter)).map(plain).collect();
    let kept = kept.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    match shorten(kept) {
        name if name.is_empty() => NAMELESS.into(),
        name if is_reserved(&name) => format!("_{name}"),
        name => name,
    }
}

fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn plain(letter: char) -> char {
    match letter {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
        letter if letter.is_whitespace() => ' ',
        letter => letter,
    }
}

fn shorten(name: &str) -> String {
    let count = name.chars().count();
    if count <= LONGEST {
        return name.into();
    }
    let ending = crate::content::ending(name).filter(|ending| ending.chars().count() <= 8);
    let ending = ending.map_or(String::new(), |ending| format!(".{ending}"));
    let stem: String = name.chars().take(LONGEST - ending.chars().count()).collect();
    format!("{}{ending}", stem.trim_end())
}

/// Names that Windows gives to devices, with any ending.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit());
    ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_and_hidden_letters_are_taken_off() {
        for (given, expected) in [
            ("..\\..\\Windows\\system.ini", "system.ini"),
            ("/etc/cron.d/../x.txt", "x.txt"),
            ("a\u{202e}gpj.txt", "agpj.txt"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
            ("  ...  ", "attachment"),
            ("..", "attachment"),
            ("", "attachment"),
            ("con.txt", "_con.txt"),
            ("COM1", "_COM1"),
            ("a\0b.png", "ab.png"),
            (".htaccess", "htaccess"),
            ("现场照片（1）.jpg", "现场照片（1）.jpg"),
        ] {
            assert_eq!(clean(given), expected, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = clean(&format!("{}.jpg", "长".repeat(3000)));
        assert!(name.ends_with("长.jpg") && name.chars().count() == LONGEST && name.len() <= 255);
    }

    proptest! {
        #[test]
        fn a_cleaned_name_is_plain_short_and_stays_as_it_is(given in "\\PC{0,200}|[./\\\\\\x00-\\x20\u{202e}]{0,20}") {
            let name = clean(&given);
            prop_assert!(!name.is_empty() && name.chars().count() <= LONGEST + 1);
            prop_assert!(!name.contains(['/', '\\', '"', '\n', '\0']) && name != "." && name != "..");
            prop_assert_eq!(clean(&name), name);
        }
    }
}
