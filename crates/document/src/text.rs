//! Text from people as it may stand in a document.

/// The text without what no document can hold or what would turn the line around: control characters, marks of
/// direction, letters that are none. Line breaks stay, tabs become spaces.
pub(crate) fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter_map(letter).collect()
}

fn letter(letter: char) -> Option<char> {
    match letter {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        '\u{fffe}' | '\u{ffff}' => None,
        letter if letter.is_control() => None,
        letter => Some(letter),
    }
}
