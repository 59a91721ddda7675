use rust_decimal::Decimal;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Money in 10⁴ yuan (万元), exact: held as whole fen, of which 10⁴ yuan has 10⁶.
///
/// Reads a JSON number or a text such as `"12.50"`; refuses what is negative, above 10⁸, or finer than a fen. A number
/// that differs from whole fen only by binary noise (`0.1 + 0.2`) is those fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenThousandYuan(pub(crate) i64);

/// Score of a project (评分), 0 to 100,000; held in units of 10⁻⁹, to which a number is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(pub(crate) i64);

const FEN: i64 = 1_000_000;
const MOST_YUAN: f64 = 1e8;
const SCORE_UNITS: i64 = 1_000_000_000;
const MOST_SCORE: f64 = 1e5;

impl TenThousandYuan {
    /// From whole fen (0.01 yuan).
    pub const fn from_fen(fen: i64) -> Self {
        TenThousandYuan(fen)
    }

    /// As whole fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    fn of_number(number: f64) -> Option<Self> {
        let fen = number * FEN as f64;
        // Noise of a sum in binary is a few units in the last place; sixteen are allowed.
        let noise = (fen.abs() * f64::EPSILON * 16.0).max(1e-3);
        let fine = (0.0..=MOST_YUAN).contains(&number) && (fen - fen.round()).abs() <= noise;
        fine.then(|| TenThousandYuan(fen.round() as i64))
    }

    fn of_text(text: &str) -> Option<Self> {
        let fen = Decimal::from_str_exact(text.trim()).ok()?.checked_mul(Decimal::from(FEN))?;
        let most = Decimal::from(MOST_YUAN as i64 * FEN);
        let whole = fen.is_integer() && fen >= Decimal::ZERO && fen <= most;
        if whole { i64::try_from(fen).ok().map(TenThousandYuan) } else { None }
    }
}

impl FromStr for TenThousandYuan {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::of_text(text).ok_or("not an amount of 0 to 100000000 (10^4 yuan) in whole fen")
    }
}

impl fmt::Display for TenThousandYuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Decimal::new(self.0, 6).normalize())
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Decimal::new(self.0, 9).normalize())
    }
}

impl Serialize for TenThousandYuan {
    /// A JSON number; up to 10⁸ with six decimals it has at most fifteen digits, which every reader keeps.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / FEN as f64)
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / SCORE_UNITS as f64)
    }
}

impl<'de> Deserialize<'de> for TenThousandYuan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "an amount of 0 to 100000000 (10^4 yuan) in whole fen";
        deserializer.deserialize_any(Number { expected, number: Self::of_number, text: Self::of_text })
    }
}

impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = |number: f64| {
            (0.0..=MOST_SCORE).contains(&number).then(|| Score((number * SCORE_UNITS as f64).round() as i64))
        };
        let text = |text: &str| text.trim().parse().ok().and_then(number);
        deserializer.deserialize_any(Number { expected: "a score of 0 to 100000", number, text })
    }
}

/// Reads a number, or a text that is one.
struct Number<N, T> {
    expected: &'static str,
    number: N,
    text: T,
}

impl<'de, V, N: Fn(f64) -> Option<V>, T: Fn(&str) -> Option<V>> Visitor<'de> for Number<N, T> {
    type Value = V;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V, E> {
        (self.number)(value).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self.expected))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V, E> {
        (self.number)(value as f64).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(value), &self.expected))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V, E> {
        (self.number)(value as f64).ok_or_else(|| E::invalid_value(Unexpected::Signed(value), &self.expected))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<V, E> {
        (self.text)(value).ok_or_else(|| E::invalid_value(Unexpected::Str(value), &self.expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<i64> {
        serde_json::from_str::<TenThousandYuan>(text).ok().map(TenThousandYuan::fen)
    }

    #[test]
    fn money_is_whole_fen_or_refused() {
        for (text, fen) in [
            ("12.5", 12_500_000),
            ("\"12.50\"", 12_500_000),
            ("0", 0),
            ("0.000001", 1),
            ("\"0.01\"", 10_000),
            ("100000000", 100_000_000_000_000),
            ("30.000000000000004", 30_000_000),
        ] {
            assert_eq!(read(text), Some(fen), "{text}");
        }
        for text in [
            "-1",
            "-0.000001",
            "0.0000001",
            "\"0.0000001\"",
            "100000000.01",
            "1e300",
            "\"NaN\"",
            "\"\"",
            "null",
            "\"-1\"",
            "true",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn money_written_is_read_again(fen in 0i64..=100_000_000_000_000) {
            let money = TenThousandYuan::from_fen(fen);
            prop_assert_eq!(read(&serde_json::to_string(&money).unwrap()), Some(fen));
            prop_assert_eq!(money.to_string().parse::<TenThousandYuan>(), Ok(money));
        }
    }
}
