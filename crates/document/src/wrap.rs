//! Breaking text into lines: between any two Chinese letters, between words otherwise, and never before a sign that
//! must not begin a line (避头尾).

/// Signs that end what stands before them.
const NOT_FIRST: &str = "，。、；：！？）》】」』”’％%,.;:!?)]}～—…·";
/// Signs that begin what follows them.
const NOT_LAST: &str = "（《【「『“‘([{";

/// The lines of a text within `width`; `letter` measures one letter in the same unit.
pub(crate) fn wrap(text: &str, width: f32, letter: impl Fn(char) -> f32) -> Vec<String> {
    text.split('\n').flat_map(|line| wrap_line(line, width, &letter)).collect()
}

fn wrap_line(text: &str, width: f32, letter: &impl Fn(char) -> f32) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let (mut lines, mut begin, mut used, mut last_break) = (Vec::new(), 0, 0.0, None);
    let mut at = 0;
    while at < letters.len() {
        if at > begin && may_break(letters[at - 1], letters[at]) {
            last_break = Some(at);
        }
        used += letter(letters[at]);
        if used > width && at > begin {
            // A word longer than the line is cut; so is one whose break would leave the line empty.
            let end = last_break.filter(|place| *place > begin).unwrap_or(at);
            lines.push(line(&letters[begin..end]));
            (begin, at, used, last_break) = (end, end, 0.0, None);
        } else {
            at += 1;
        }
    }
    lines.push(line(&letters[begin..]));
    lines
}

fn line(letters: &[char]) -> String {
    letters.iter().collect::<String>().trim().to_string()
}

fn may_break(before: char, after: char) -> bool {
    let word = |letter: char| letter.is_ascii() && !letter.is_ascii_whitespace();
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    !(word(before) && word(after)) && after != ' '
}
