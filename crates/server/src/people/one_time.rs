/// Letters and digits that are not taken for one another when read aloud.
const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUPS: usize = 4;
const GROUP: usize = 5;

/// A password nobody can guess, in groups that can be told by telephone: about 115 bits.
pub(super) fn one_time_password() -> String {
    let groups: Vec<String> = (0..GROUPS).map(|_| (0..GROUP).map(|_| sign()).collect()).collect();
    groups.join("-")
}

/// Bytes beyond the last whole multiple are thrown away, so that all signs are equally likely.
fn sign() -> char {
    let fair = 256 - 256 % SIGNS.len();
    loop {
        let mut byte = [0];
        getrandom::fill(&mut byte).expect("a system without random numbers cannot open accounts");
        if usize::from(byte[0]) < fair {
            return char::from(SIGNS[usize::from(byte[0]) % SIGNS.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_passwords_differ_and_can_be_read_aloud() {
        let (one, other) = (one_time_password(), one_time_password());
        assert_ne!(one, other);
        assert_eq!(one.len(), GROUPS * GROUP + GROUPS - 1);
        assert!(one.bytes().all(|byte| byte == b'-' || SIGNS.contains(&byte)));
    }
}
