//! A message to be sent.

use crate::cipher::Key;
use crate::crc::CrcProfile;
use crate::edition::{Edition, Flag};
use crate::error::Hj212Error;
use crate::header::Part;
use std::fmt::Write;

/// The longest segment that is written. Source: all editions, table of the frame.
const SEGMENT_BYTES: usize = 1024;

/// A message to be sent (待发报文); `encode` makes the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// QN; 2005 may do without.
    pub qn: Option<String>,
    /// ST; answers have 91.
    pub st: String,
    /// CN.
    pub cn: u16,
    /// PW.
    pub pw: Option<String>,
    /// MN.
    pub mn: String,
    /// Flag.
    pub flag: Flag,
    /// PNUM and PNO; Flag announces them.
    pub part: Option<Part>,
    /// RF=1, a supplementary upload.
    pub supplementary: bool,
    /// The text between `&&` and `&&`.
    pub content: String,
}

impl Message {
    /// The bytes of the frame, from `##` to CR LF: length and check sum over the plain segment, then encryption.
    ///
    /// Refuses `H-301` when a field holds a separator, when Flag and packet numbers contradict each other, or when
    /// content or segment are longer than the edition allows.
    pub fn encode(&self, crc: CrcProfile, key: Option<&Key>) -> Result<Vec<u8>, Hj212Error> {
        self.check()?;
        let mut segment = self.head();
        segment.push_str("CP=&&");
        let (from, to) = (segment.len(), segment.len() + self.content.len());
        segment.push_str(&self.content);
        segment.push_str("&&");
        if segment.len() > SEGMENT_BYTES {
            return Err(unsendable("segment", format!("{} bytes, {SEGMENT_BYTES} are the most", segment.len())));
        }
        let check_sum = crc.of(segment.as_bytes());
        let mut segment = segment.into_bytes();
        if let Some(key) = key {
            key.encrypt(&mut segment[from..to]);
        }
        let mut frame = format!("##{:04}", segment.len()).into_bytes();
        frame.extend(segment);
        frame.extend(format!("{check_sum:04X}\r\n").bytes());
        Ok(frame)
    }

    fn head(&self) -> String {
        let mut text = String::new();
        let mut field = |name: &str, value: &str| {
            let _infallible = write!(text, "{name}={value};");
        };
        if let Some(qn) = &self.qn {
            field("QN", qn);
        }
        field("ST", &self.st);
        field("CN", &format!("{:04}", self.cn));
        if let Some(pw) = &self.pw {
            field("PW", pw);
        }
        field("MN", &self.mn);
        if let Some(flag) = self.flag.0 {
            field("Flag", &flag.to_string());
        }
        if let Some(part) = self.part {
            field("PNUM", &part.count.to_string());
            field("PNO", &part.number.to_string());
        }
        if self.supplementary {
            field("RF", "1");
        }
        text
    }

    fn check(&self) -> Result<(), Hj212Error> {
        let texts =
            [("QN", self.qn.as_deref()), ("ST", Some(&*self.st)), ("PW", self.pw.as_deref()), ("MN", Some(&*self.mn))];
        for (field, text) in texts {
            let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'=' | b'&' | b'#');
            if !text.unwrap_or_default().bytes().all(fits) {
                return Err(unsendable(field, "only ASCII without ; , = & #".into()));
            }
        }
        if !(1000..=9999).contains(&self.cn) {
            return Err(unsendable("CN", format!("{} is not four digits", self.cn)));
        }
        if self.flag.split() != self.part.is_some() {
            return Err(unsendable("Flag", "packet numbers and their bit go together".into()));
        }
        if self.part.is_some_and(|part| part.number == 0 || part.number > part.count || part.count > 9999) {
            return Err(unsendable("PNO", "from 1 to PNUM".into()));
        }
        let most = self.flag.edition().unwrap_or(Edition::Hj2025).content_max();
        if self.content.len() > most {
            return Err(unsendable("CP", format!("{} bytes, {most} are the most", self.content.len())));
        }
        let closes = self.content.contains("&&") || self.content.starts_with('&') || self.content.ends_with('&');
        if closes || self.content.chars().any(char::is_control) {
            return Err(unsendable("CP", "&& or control characters inside".into()));
        }
        Ok(())
    }
}

pub(crate) fn unsendable(field: &'static str, reason: String) -> Hj212Error {
    Hj212Error::Unsendable { field, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn worked_example() -> Message {
        Message {
            qn: Some("20160801085857223".into()),
            st: "32".into(),
            cn: 1062,
            pw: Some("100000".into()),
            mn: "010000A8900016F000169DC0".into(),
            flag: Flag(Some(5)),
            part: None,
            supplementary: false,
            content: "RtdInterval=30".into(),
        }
    }

    #[test]
    fn the_worked_example_of_2017_comes_out_byte_for_byte() {
        let frame = worked_example().encode(CrcProfile::Standard, None).unwrap();
        let expected = "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n";
        assert_eq!(String::from_utf8(frame).unwrap(), expected);
    }

    #[test]
    fn what_would_not_be_read_back_is_not_sent() {
        let part = |count, number| Some(Part { count, number });
        type Change = fn(&mut Message);
        let cases: [(Change, &str); 8] = [
            (|m| m.mn = "A;B".into(), "MN"),
            (|m| m.pw = Some("密".into()), "PW"),
            (|m| m.cn = 999, "CN"),
            (|m| m.flag = Flag(Some(7)), "Flag"),
            (|m| m.content = "a&&b".into(), "CP"),
            (|m| m.content = "a=1&".into(), "CP"),
            (|m| m.content = "x".repeat(951), "CP"),
            (|m| m.content = "a\r\n".into(), "CP"),
        ];
        for (change, field) in cases {
            let mut message = worked_example();
            change(&mut message);
            let told = message.encode(CrcProfile::Standard, None).unwrap_err().to_string();
            assert!(told.starts_with(&format!("H-301 {field} ")), "{told}");
        }
        for (wrong, right) in [(part(2, 0), part(2, 1)), (part(2, 3), part(2, 2))] {
            let mut message = Message { flag: Flag(Some(7)), part: wrong, ..worked_example() };
            assert!(message.encode(CrcProfile::Standard, None).is_err());
            message.part = right;
            assert!(message.encode(CrcProfile::Standard, None).is_ok());
        }
    }

    #[test]
    fn content_of_950_bytes_is_sent_and_960_only_in_2005() {
        let mut message = Message { content: "x".repeat(950), pw: None, qn: None, ..worked_example() };
        assert!(message.encode(CrcProfile::Standard, None).is_ok());
        message.content = "x".repeat(960);
        assert!(message.encode(CrcProfile::Standard, None).is_err());
        message.flag = Flag(Some(1));
        assert!(message.encode(CrcProfile::Standard, None).is_ok());
        message.content = "x".repeat(961);
        assert!(message.encode(CrcProfile::Standard, None).is_err());
    }
}
