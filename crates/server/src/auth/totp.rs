//! One-time codes of an authenticator app (动态口令): RFC 6238 with SHA-1, six digits, thirty seconds, which is what
//! every such app understands.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

const STEP_SECONDS: i64 = 30;
/// One step back and one ahead: a phone's clock is seldom further off.
const DRIFT: i64 = 1;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret of 160 bits, in the letters that apps take (base32).
pub(crate) fn new_secret() -> String {
    base32(&super::secret::random::<20>())
}

/// The time step whose code this is, near `unix_seconds`; the caller uses the step up, so that a code works once.
pub(crate) fn step_of(secret: &str, code: &str, unix_seconds: i64) -> Option<i64> {
    let key = from_base32(secret)?;
    let now = unix_seconds.div_euclid(STEP_SECONDS);
    // All steps are tried whatever matches, so that the time taken says nothing.
    let fits = |step| super::secret::same(&code_of(&key, step), code);
    (now - DRIFT..=now + DRIFT).fold(None, |found, step| if fits(step) { Some(step) } else { found })
}

/// The code of the step in which `unix_seconds` falls; for the tests, which play the app.
#[cfg(test)]
pub(crate) fn code_at(secret: &str, unix_seconds: i64) -> String {
    code_of(&from_base32(secret).expect("a secret of this module"), unix_seconds.div_euclid(STEP_SECONDS))
}

/// What the app reads from the QR code: whose codes, for which house, from which secret.
pub(crate) fn uri(login: &str, secret: &str) -> String {
    format!("otpauth://totp/Qingkong:{}?secret={secret}&issuer=Qingkong", percent(login))
}

fn code_of(key: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let sum = mac.finalize().into_bytes();
    let at = usize::from(sum[19] & 15);
    let word = u32::from_be_bytes([sum[at] & 0x7f, sum[at + 1], sum[at + 2], sum[at + 3]]);
    format!("{:06}", word % 1_000_000)
}

fn base32(bytes: &[u8]) -> String {
    let bit = |n: usize| bytes.get(n / 8).map_or(0, |byte| byte >> (7 - n % 8) & 1);
    let letter = |n: usize| (0..5).fold(0, |sum, k| sum << 1 | bit(n * 5 + k));
    (0..(bytes.len() * 8).div_ceil(5)).map(|n| char::from(ALPHABET[usize::from(letter(n))])).collect()
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut held, mut bits) = (0u32, 0);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        held = held << 5 | value as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

fn percent(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B: the ASCII key of 20 digits; the last six digits of its eight-digit codes.
    const RFC: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = base32(b"12345678901234567890");
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (at, code) in RFC {
            assert_eq!(code_at(&secret, at), code, "{at}");
            assert_eq!(step_of(&secret, code, at), Some(at / 30));
        }
    }

    #[test]
    fn a_code_lives_for_its_step_and_one_to_either_side() {
        let secret = new_secret();
        let code = code_at(&secret, 3000);
        for (at, found) in [(2969, None), (2970, Some(100)), (3000, Some(100)), (3059, Some(100)), (3060, None)] {
            assert_eq!(step_of(&secret, &code, at), found, "{at}");
        }
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(step_of(&secret, wrong, 3000), None);
        }
    }

    #[test]
    fn secrets_come_back_from_their_letters() {
        for length in 0..25 {
            let bytes: Vec<u8> = (0..length).map(|n: u8| n.wrapping_mul(37).wrapping_add(11)).collect();
            assert_eq!(from_base32(&base32(&bytes)), Some(bytes));
        }
        assert_eq!(from_base32("a1"), None);
        assert!(uri("张 三", "AB").starts_with("otpauth://totp/Qingkong:%E5%BC%A0%20%E4%B8%89?secret=AB&"));
    }
}
