use super::secret::random;

/// Letters and digits that are not taken for one another when read aloud.
const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUPS: usize = 4;
const GROUP: usize = 5;

/// A password nobody can guess, in groups that can be told by telephone: about 115 bits. Drawn again in the rare case
/// that chance gave one which the rules would refuse from a person.
pub(crate) fn one_time_password() -> String {
    loop {
        let made = drawn();
        if org::password::check(&made, "").is_ok() {
            return made;
        }
    }
}

fn drawn() -> String {
    let groups: Vec<String> = (0..GROUPS).map(|_| (0..GROUP).map(|_| sign()).collect()).collect();
    groups.join("-")
}

/// Bytes beyond the last whole multiple are thrown away, so that all signs are equally likely.
fn sign() -> char {
    let fair = 256 - 256 % SIGNS.len();
    loop {
        let [byte] = random();
        if usize::from(byte) < fair {
            return char::from(SIGNS[usize::from(byte) % SIGNS.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_made_passes_the_rules() {
        for _ in 0..200 {
            let made = one_time_password();
            assert_eq!(org::password::check(&made, "nanjing"), Ok(()), "{made}");
        }
        assert_ne!(one_time_password(), one_time_password());
    }

    #[test]
    fn one_time_passwords_differ_and_can_be_read_aloud() {
        let (one, other) = (one_time_password(), one_time_password());
        assert_ne!(one, other);
        assert_eq!(one.len(), GROUPS * GROUP + GROUPS - 1);
        assert!(one.bytes().all(|byte| byte == b'-' || SIGNS.contains(&byte)));
    }
}
