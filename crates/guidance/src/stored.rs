use crate::{GuidanceError, Member};

/// First bytes of a stored member; the last digit is the form.
const MARK: &[u8; 8] = b"QKGUIDE1";

impl Member {
    /// The member as bytes: the same member gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_extend(self, MARK.to_vec()).expect("a growing buffer takes any of our plain structures")
    }

    /// Reads what [`Member::to_bytes`] wrote; refuses `J-116` anything else, and a member whose parts do not fit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Member, GuidanceError> {
        let refused = |why: &str| GuidanceError::NotReadable { why: why.to_string() };
        let body = bytes.strip_prefix(MARK).ok_or_else(|| refused("its first bytes are of another form"))?;
        let (member, rest) = postcard::take_from_bytes::<Member>(body).map_err(|error| refused(&error.to_string()))?;
        let size = member.places.len().checked_mul(member.hours.len());
        let fits = member.values.values().all(|values| Some(values.len()) == size);
        let rises = member.hours.windows(2).all(|pair| pair[0] < pair[1]);
        match (rest, fits && rises) {
            ([], true) => Ok(member),
            ([], false) => Err(refused("its parts do not fit each other")),
            _ => Err(refused("it has bytes too many")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Flag, FlagKind};
    use std::collections::BTreeMap;
    use units::{BeijingHour, Pollutant};

    fn member() -> Member {
        let run: BeijingHour = "2018-01-13T08:00:00+08:00".parse().unwrap();
        Member {
            model: "cmaq".into(),
            run,
            span_hours: 1,
            places: vec!["320100".into(), "320300".into()],
            hours: (1..=3).map(|n| run + n).collect(),
            values: BTreeMap::from([(Pollutant::Pm25, vec![1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0])]),
            flags: vec![Flag::whole(FlagKind::Partial, "short")],
        }
    }

    #[test]
    fn a_member_comes_back_as_it_went_in() {
        let back = Member::from_bytes(&member().to_bytes()).unwrap();
        assert_eq!((back.to_bytes(), back.flags.clone()), (member().to_bytes(), member().flags));
        assert!(back.value(Pollutant::Pm25, 0, 2).is_nan() && back.value(Pollutant::Pm25, 1, 2) == 6.0);
    }

    #[test]
    fn other_bytes_are_refused_and_never_panic() {
        let whole = member().to_bytes();
        for cut in 0..whole.len() {
            assert!(Member::from_bytes(&whole[..cut]).unwrap_err().to_string().starts_with("J-116"), "{cut}");
        }
        assert!(Member::from_bytes(&[whole.clone(), vec![0]].concat()).is_err());
        let mut short = member();
        short.hours.pop();
        assert!(Member::from_bytes(&short.to_bytes()).is_err(), "two hours and values of three");
        let mut turned = member();
        turned.hours.reverse();
        assert!(Member::from_bytes(&turned.to_bytes()).is_err());
    }
}
