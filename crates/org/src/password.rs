//! Rules for passwords (口令规则).

use crate::OrgError;

/// Least characters of a password.
pub const LEAST: usize = 10;
/// Least classes of characters: lower case, upper case, digits, others.
pub const CLASSES: usize = 3;
/// Most bytes that are looked at; hashing a longer text would only cost time.
const MOST_BYTES: usize = 256;

/// Beginnings of the commonest passwords that would pass the other rules with a digit or a mark behind them. Compared in
/// lower case with the usual replacements of letters undone.
const COMMON: [&str; 18] = [
    "password",
    "passw0rd",
    "qwertyuiop",
    "qwerty123",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx",
    "1q2w3e4r",
    "admin123",
    "administrator",
    "iloveyou",
    "welcome123",
    "letmein",
    "woaini",
    "abc12345",
    "abcd1234",
    "a1b2c3d4",
    "huanbao123",
];

/// Whether a text may be the password of a login; refuses `G-305` with what is missing.
pub fn check(password: &str, login: &str) -> Result<(), OrgError> {
    let weak = |reason| Err(OrgError::WeakPassword(reason));
    let lower = password.to_lowercase();
    if password.chars().count() < LEAST {
        return weak("is shorter than 10 characters");
    }
    if password.len() > MOST_BYTES {
        return weak("is longer than 256 bytes");
    }
    if password.chars().any(char::is_control) {
        return weak("has control characters");
    }
    if classes(password) < CLASSES {
        return weak("needs three of lower case, upper case, digits, other characters");
    }
    if login.chars().count() > 2 && lower.contains(&login.to_lowercase()) {
        return weak("contains the login");
    }
    if is_common(&lower) {
        return weak("is one of the commonest");
    }
    Ok(())
}

fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_lowercase() && !c.is_uppercase() && !c.is_ascii_digit(),
    ];
    kinds.iter().filter(|kind| password.chars().any(kind)).count()
}

fn is_common(lower: &str) -> bool {
    let plain: String = lower
        .chars()
        .map(|c| match c {
            '@' => 'a',
            '$' => 's',
            '!' => 'i',
            other => other,
        })
        .collect();
    let few = lower.chars().collect::<std::collections::BTreeSet<_>>().len() < 5;
    few || COMMON.iter().any(|common| lower.starts_with(common) || plain.starts_with(common))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_needs_length_three_classes_and_no_login() {
        for (password, why) in [
            ("Short-1", "shorter"),
            ("onlylowercase1", "three of"),
            ("ONLYUPPER-ONLY", "three of"),
            ("My-nanjing-2018", "contains the login"),
            ("My-NanJing-2018", "contains the login"),
            ("P@ssword-2018", "commonest"),
            ("Qwerty123-456", "commonest"),
            ("Aa1Aa1Aa1Aa1", "commonest"),
            ("Tab\tinside-2018", "control"),
        ] {
            let refusal = check(password, "nanjing").unwrap_err().to_string();
            assert!(refusal.starts_with("G-305") && refusal.contains(why), "{password}: {refusal}");
        }
        assert!(check(&format!("Aa1-{}", "长".repeat(100)), "nanjing").is_err());
    }

    #[test]
    fn good_ones_pass_also_in_chinese() {
        for password in ["Qingkong-demo-2018", "晴空万里Wanli-7", "correct Horse 42 battery"] {
            assert_eq!(check(password, "nanjing"), Ok(()), "{password}");
        }
    }

    #[test]
    fn the_refusal_never_repeats_the_password() {
        let refusal = check("Password-2018", "nanjing").unwrap_err();
        assert!(!format!("{refusal} {refusal:?}").contains("Password-2018"));
    }
}
