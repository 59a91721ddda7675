//! The fields before the content.

use crate::content::trim_spaces;
use crate::edition::{Edition, Flag};
use crate::error::Refusal;
use crate::moment;
use crate::warning::{Warning, Warnings};

/// The fields in the order of the standard; its places are the numbers below.
const FIELDS: [&str; 9] = ["QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF"];
const QN: usize = 0;
const ST: usize = 1;
const CN: usize = 2;
const PW: usize = 3;
const MN: usize = 4;
const FLAG: usize = 5;
const PNUM: usize = 6;
const PNO: usize = 7;
const RF: usize = 8;

/// The number of a packet among those of one message (拆分包).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// PNUM, how many there are.
    pub count: u16,
    /// PNO, which one this is, from 1.
    pub number: u16,
}

/// The header of a frame (报文头), its texts as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    text: &'a str,
    /// QN, 17 digits of a time that name the interaction; an answer repeats it.
    pub qn: Option<&'a str>,
    /// ST, the system: what kind of source or quality is measured.
    pub st: &'a str,
    /// CN, the command.
    pub cn: u16,
    /// PW; `123456` everywhere, so it proves nothing.
    pub pw: Option<&'a str>,
    /// MN, the device; empty only where it has none yet.
    pub mn: &'a str,
    /// Flag.
    pub flag: Flag,
    /// PNUM and PNO.
    pub part: Option<Part>,
    /// RF=1, a supplementary upload (补传).
    pub supplementary: bool,
}

impl<'a> Header<'a> {
    /// Reads the text before `CP=`. `dialect` is what is registered; without it Flag decides.
    pub(crate) fn read(text: &'a [u8], dialect: Option<Edition>, warnings: &mut Warnings) -> Result<Self, Refusal> {
        // Every byte, without an early end: the compiler takes many at once.
        if text.iter().fold(false, |odd, byte| odd | !(b' '..=b'~').contains(byte)) {
            return Err(Refusal::HeaderBytes);
        }
        let text = std::str::from_utf8(text).map_err(|_| Refusal::HeaderBytes)?;
        let values = collect(text, warnings)?;
        let need = |place: usize| values[place].ok_or(Refusal::FieldMissing { field: FIELDS[place] });
        let cn = number(need(CN)?, 4, 4).ok_or(Refusal::FieldForm { field: "CN", form: "four digits" })?;
        let (st, mn) = (need(ST)?, need(MN)?);
        if mn.len() > 64 {
            return Err(Refusal::FieldForm { field: "MN", form: "at most 64 characters" });
        }
        let flag = Flag(values[FLAG].map(flag_value).transpose()?);
        let edition = dialect.or(flag.edition()).unwrap_or(Edition::Hj2025);
        let header = Header {
            text,
            qn: values[QN],
            st,
            cn,
            pw: values[PW],
            mn,
            flag,
            part: part(values[PNUM], values[PNO])?,
            supplementary: values[RF] == Some("1"),
        };
        header.judge(edition, dialect, values[RF], warnings);
        Ok(header)
    }

    /// The fields as sent, names in the spelling of the standard.
    pub fn fields(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        pieces(self.text).filter_map(|(piece, _)| {
            let (key, value) = piece.split_once('=')?;
            let key = key.trim_matches(' ');
            let known = FIELDS.iter().find(|field| field.eq_ignore_ascii_case(key)).copied();
            Some((known.unwrap_or(key), value.trim_matches(' ')))
        })
    }

    fn judge(&self, edition: Edition, dialect: Option<Edition>, rf: Option<&str>, warnings: &mut Warnings) {
        use Warning as W;
        let old = edition == Edition::Hjt2005;
        let free = edition == Edition::SurfaceWater;
        let without_flag_is_2005 = old && self.mn.len() <= 14;
        warnings.add_if(self.flag.0.is_none() && !without_flag_is_2005, W::FlagMissing);
        warnings.add_if(self.flag.edition().is_none(), W::FlagEditionUnknown);
        let doubtful = self.st == "21" && self.mn.contains('_') && self.flag.edition() == Some(Edition::Hj2025);
        warnings.add_if(doubtful && dialect.is_none(), W::DialectDoubtful);
        match self.qn {
            None => warnings.add_if(!old || self.flag.wants_answer(), W::QnMissing),
            Some(qn) => warnings.add_if(moment::parse_17(qn).is_none(), W::QnForm),
        }
        warnings.add_if(self.st.len() != 2, W::StForm);
        match self.pw {
            None => warnings.add(W::PwMissing),
            Some(pw) => warnings.add_if(pw.len() != 6, W::PwForm),
        }
        let unnamed = self.mn.is_empty();
        warnings.add_if(unnamed && !self.may_lack_mn(edition), W::MnEmpty);
        let long = self.mn.len() == 24 && (!old || self.flag.0.is_none());
        let usual = long || (old && self.mn.len() == 14);
        warnings.add_if(!unnamed && !free && !usual, W::MnLength);
        warnings.add_if(!free && !self.mn.bytes().all(|byte| byte.is_ascii_alphanumeric()), W::MnCharacters);
        warnings.add_if(self.flag.split() && self.part.is_none(), W::PacketNumbersMissing);
        warnings.add_if(!self.flag.split() && self.part.is_some(), W::PacketNumbersUnannounced);
        let rf_fits = edition >= Edition::Hj2025 && self.supplementary;
        warnings.add_if(rf.is_some() && !rf_fits, W::RfForm);
    }

    /// A logger of 2025 that asks for its MN (CN 1001) has none yet.
    pub(crate) fn may_lack_mn(&self, edition: Edition) -> bool {
        self.cn == 1001 && edition == Edition::Hj2025
    }
}

/// The pieces of a header and the separator behind each; `None` at the end.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<u8>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| matches!(byte, b';' | b','));
        rest = end.map(|end| &text[end + 1..]);
        Some(end.map_or((text, None), |end| (&text[..end], Some(text.as_bytes()[end]))))
    })
}

fn collect<'a>(text: &'a str, warnings: &mut Warnings) -> Result<[Option<&'a str>; 9], Refusal> {
    let (mut values, mut last) = ([None; 9], 0);
    for (piece, separator) in pieces(text) {
        let equals = piece.bytes().position(|byte| byte == b'=');
        let Some((key, value)) = equals.map(|at| (&piece[..at], &piece[at + 1..])) else {
            // The last piece is what stands between the last semicolon and CP=, which is nothing.
            let odd = if piece.is_empty() { Warning::EmptyHeaderField } else { Warning::HeaderFieldUnknown };
            warnings.add_if(separator.is_some() || !piece.is_empty(), odd);
            continue;
        };
        warnings.add_if(separator == Some(b','), Warning::CommaInHeader);
        warnings.add_if(separator.is_none(), Warning::MissingSemicolon);
        let (bare_key, bare_value) = (trim_spaces(key), trim_spaces(value));
        warnings.add_if(bare_key.len() + bare_value.len() < key.len() + value.len(), Warning::Spaces);
        let exact = place_of(bare_key);
        let place = exact.or_else(|| FIELDS.iter().position(|field| field.eq_ignore_ascii_case(bare_key)));
        let Some(place) = place else {
            warnings.add(Warning::HeaderFieldUnknown);
            continue;
        };
        warnings.add_if(exact.is_none(), Warning::HeaderCase);
        warnings.add_if(place < last, Warning::HeaderOrder);
        last = place;
        if values[place].replace(bare_value).is_some() {
            return Err(Refusal::FieldRepeated { field: FIELDS[place] });
        }
    }
    Ok(values)
}

fn place_of(key: &str) -> Option<usize> {
    // Bytes, because a match over them branches on length and letters.
    Some(match key.as_bytes() {
        b"QN" => QN,
        b"ST" => ST,
        b"CN" => CN,
        b"PW" => PW,
        b"MN" => MN,
        b"Flag" => FLAG,
        b"PNUM" => PNUM,
        b"PNO" => PNO,
        b"RF" => RF,
        _ => return None,
    })
}

fn number(text: &str, fewest: usize, most: usize) -> Option<u16> {
    let fits = (fewest..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

fn flag_value(text: &str) -> Result<u8, Refusal> {
    let value = number(text, 1, 3).and_then(|value| u8::try_from(value).ok());
    value.ok_or(Refusal::FieldForm { field: "Flag", form: "a whole number from 0 to 255" })
}

fn part(count: Option<&str>, position: Option<&str>) -> Result<Option<Part>, Refusal> {
    let read = |field, text| number(text, 1, 4).ok_or(Refusal::FieldForm { field, form: "one to four digits" });
    match (count, position) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Refusal::FieldMissing { field: "PNO" }),
        (None, Some(_)) => Err(Refusal::FieldMissing { field: "PNUM" }),
        (Some(count), Some(position)) => {
            let (count, number) = (read("PNUM", count)?, read("PNO", position)?);
            let possible = (1..=count).contains(&number);
            possible.then_some(Some(Part { count, number })).ok_or(Refusal::PacketNumber { number, count })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "QN=20240601085857223;ST=31;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;";

    fn told(text: &str) -> Vec<&'static str> {
        told_by(text, None)
    }

    fn told_by(text: &str, dialect: Option<Edition>) -> Vec<&'static str> {
        let mut warnings = Warnings::default();
        Header::read(text.as_bytes(), dialect, &mut warnings).unwrap();
        warnings.iter().map(Warning::name).collect()
    }

    fn refused(text: &str) -> Refusal {
        Header::read(text.as_bytes(), None, &mut Warnings::default()).unwrap_err()
    }

    #[test]
    fn a_header_of_each_edition_passes_in_silence() {
        assert_eq!(told(WHOLE), [""; 0]);
        assert_eq!(told("ST=32;CN=2011;PW=123456;MN=88888880000001;"), [""; 0]);
        assert_eq!(told(&WHOLE.replace("Flag=5", "Flag=9;RF=1")), [""; 0]);
        assert_eq!(told(&WHOLE.replace("Flag=5", "Flag=7;PNUM=2;PNO=1")), [""; 0]);
        let station = "QN=20200601085857223;ST=21;CN=9015;PW=123456;MN=A110000_0001;Flag=9;";
        assert_eq!(told_by(station, Some(Edition::SurfaceWater)), [""; 0]);
        assert_eq!(told(station), ["mn_length", "mn_characters", "dialect_doubtful"]);
        let logger = "QN=20260601085857223;ST=91;CN=1001;PW=123456;MN=;Flag=9;";
        assert_eq!(told(logger), [""; 0]);
        assert_eq!(told(&logger.replace("1001", "2011")), ["mn_empty"]);
    }

    #[test]
    fn misprints_of_the_header_are_named() {
        for (from, to, expected) in [
            ("223;ST", "223,ST", "comma_in_header"),
            ("Flag=5;", "Flag=5", "missing_semicolon"),
            (";MN=", ";,MN=", "empty_header_field"),
            ("Flag=", "FLAG=", "header_case"),
            ("PW=123456;MN=010000A8900016F000169DC0", "MN=010000A8900016F000169DC0;PW=123456", "header_order"),
            ("ST=31", "ST= 31", "spaces"),
            ("ST=31", "ST=101", "st_form"),
            ("123456", "010000A8900016F000169DC0", "pw_form"),
            ("PW=123456;", "", "pw_missing"),
            ("Flag=5;", "", "flag_missing"),
            ("Flag=5", "Flag=255;PNUM=1;PNO=1", "flag_edition_unknown"),
            ("QN=20240601085857223;", "", "qn_missing"),
            ("20240601085857223", "1617937761764", "qn_form"),
            ("010000A8900016F000169DC0", "88888880000001", "mn_length"),
            ("010000A8900016F000169DC0", "aqms-1100-2020-110011-00", "mn_characters"),
            ("Flag=5", "Flag=7", "packet_numbers_missing"),
            ("Flag=5", "Flag=5;PNUM=2;PNO=1", "packet_numbers_unannounced"),
            ("Flag=5", "Flag=5;RF=1", "rf_form"),
            ("Flag=5", "Flag=5;XX=1", "header_field_unknown"),
        ] {
            assert!(WHOLE.contains(from));
            assert_eq!(told(&WHOLE.replacen(from, to, 1)), [expected], "{from} -> {to}");
        }
    }

    #[test]
    fn what_has_no_owner_or_no_meaning_is_refused() {
        for (from, to, code) in [
            ("MN=010000A8900016F000169DC0;", "", "H-208"),
            ("CN=2011;", "", "H-208"),
            ("ST=31;", "", "H-208"),
            ("CN=2011", "CN=2011;CN=2011", "H-209"),
            ("CN=2011", "CN=211", "H-210"),
            ("CN=2011", "CN=20 1", "H-210"),
            ("Flag=5", "Flag=256", "H-210"),
            ("Flag=5", "Flag=-1", "H-210"),
            ("Flag=5", "Flag=", "H-210"),
            ("Flag=5", "Flag=7;PNUM=2;PNO=3", "H-214"),
            ("Flag=5", "Flag=7;PNUM=2;PNO=0", "H-214"),
            ("Flag=5", "Flag=7;PNUM=99999;PNO=1", "H-210"),
            ("Flag=5", "Flag=7;PNUM=2", "H-208"),
            ("ST=31", "ST=3\n", "H-207"),
            ("ST=31", "ST=水", "H-207"),
        ] {
            let text = WHOLE.replacen(from, to, 1);
            assert_eq!(refused(&text).code(), code, "{text}");
        }
        let long = WHOLE.replace("010000A8900016F000169DC0", &"A".repeat(65));
        assert_eq!(refused(&long).code(), "H-210");
    }

    #[test]
    fn the_fields_are_told_as_sent() {
        let mut warnings = Warnings::default();
        let text = "ST=32;CN=2011;PW=123456;,MN=88888881234567;FLAG=0;";
        let header = Header::read(text.as_bytes(), None, &mut warnings).unwrap();
        let fields: Vec<_> = header.fields().collect();
        assert_eq!(fields, [("ST", "32"), ("CN", "2011"), ("PW", "123456"), ("MN", "88888881234567"), ("Flag", "0")]);
    }
}
