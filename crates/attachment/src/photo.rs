use exif::{Exif, In, Reader, Tag, Value};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Seek};
use units::Instant;

/// Where a photo was taken (拍摄位置), degrees of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Longitude, east positive.
    pub lon: f64,
    /// Latitude, north positive.
    pub lat: f64,
}

/// What a photo says of itself (EXIF). A claim of the camera, shown as such: clocks are set by hand and positions
/// can be written by anybody.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Photo {
    /// When it was taken; read as Beijing time where the camera names no zone.
    pub taken_at: Option<Instant>,
    /// Where it was taken.
    pub position: Option<Position>,
}

/// Reads what a photo says of itself; what is absent or damaged is `None`, never an error, because the photo is kept
/// as it is in either case.
pub fn photo(file: &mut (impl BufRead + Seek)) -> Photo {
    Reader::new()
        .read_from_container(file)
        .map_or(Photo::default(), |exif| Photo { taken_at: taken_at(&exif), position: position(&exif) })
}

fn taken_at(exif: &Exif) -> Option<Instant> {
    let when = ascii(exif, Tag::DateTimeOriginal).or_else(|| ascii(exif, Tag::DateTime))?;
    let (date, time) = when.trim().split_once(' ')?;
    let zone = ascii(exif, Tag::OffsetTimeOriginal).map(|zone| zone.trim().to_string());
    let zone = zone.filter(|zone| !zone.is_empty()).unwrap_or("+08:00".into());
    format!("{}T{time}{zone}", date.replace(':', "-")).parse().ok()
}

fn position(exif: &Exif) -> Option<Position> {
    // Receivers without a fix write zeros and the status "V" (void).
    if ascii(exif, Tag::GPSStatus).is_some_and(|status| status.starts_with('V')) {
        return None;
    }
    let lat = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")?;
    let lon = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, "W")?;
    let inside = lat.abs() <= 90.0 && lon.abs() <= 180.0 && (lat, lon) != (0.0, 0.0);
    inside.then_some(Position { lon, lat })
}

fn degrees(exif: &Exif, tag: Tag, reference: Tag, negative: &str) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
    let size = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    // A tenth of a metre; what a division by zero gave is no position.
    let size = size.is_finite().then(|| (size * 1e6).round() / 1e6)?;
    Some(if ascii(exif, reference)?.eq_ignore_ascii_case(negative) { -size } else { size })
}

fn ascii(exif: &Exif, tag: Tag) -> Option<String> {
    let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    String::from_utf8(parts.first()?.clone()).ok()
}

#[cfg(test)]
pub(crate) mod testing {
    use exif::experimental::Writer;
    use exif::{Field, In, Rational, Tag, Value};
    use std::io::Cursor;

    /// The smallest file that begins like a photo and carries these fields.
    pub(crate) fn jpeg(fields: &[Field]) -> Vec<u8> {
        let mut exif = Cursor::new(Vec::new());
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut segment = b"Exif\0\0".to_vec();
        if !fields.is_empty() {
            writer.write(&mut exif, false).unwrap();
            segment.extend(exif.into_inner());
        }
        let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
        [&b"\xff\xd8\xff\xe1"[..], &length, &segment, b"\xff\xd9"].concat()
    }

    pub(crate) fn text(tag: Tag, text: &str) -> Field {
        Field { tag, ifd_num: In::PRIMARY, value: Value::Ascii(vec![text.as_bytes().to_vec()]) }
    }

    pub(crate) fn angle(tag: Tag, parts: [(u32, u32); 3]) -> Field {
        let parts = parts.map(|(num, denom)| Rational { num, denom }).to_vec();
        Field { tag, ifd_num: In::PRIMARY, value: Value::Rational(parts) }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{angle, jpeg, text};
    use super::*;
    use exif::Field;
    use std::io::Cursor;

    fn of(fields: &[Field]) -> Photo {
        photo(&mut Cursor::new(jpeg(fields)))
    }

    fn place(lat: [(u32, u32); 3], north: &str, lon: [(u32, u32); 3], east: &str) -> Vec<Field> {
        vec![
            text(Tag::GPSLatitudeRef, north),
            angle(Tag::GPSLatitude, lat),
            text(Tag::GPSLongitudeRef, east),
            angle(Tag::GPSLongitude, lon),
        ]
    }

    #[test]
    fn time_and_place_are_read() {
        let mut fields = place([(34, 1), (12, 1), (1830, 100)], "N", [(117, 1), (17, 1), (6, 1)], "E");
        fields.push(text(Tag::DateTimeOriginal, "2018:01:15 09:30:05"));
        let photo = of(&fields);
        assert_eq!(photo.taken_at.unwrap().to_string(), "2018-01-15T09:30:05+08:00");
        assert_eq!(photo.position, Some(Position { lon: 117.285, lat: 34.205083 }));
    }

    #[test]
    fn another_zone_is_kept_and_south_and_west_are_negative() {
        let mut fields = place([(1, 1), (30, 1), (0, 1)], "S", [(2, 1), (0, 1), (0, 1)], "W");
        fields.push(text(Tag::DateTimeOriginal, "2018:01:15 01:30:05"));
        fields.push(text(Tag::OffsetTimeOriginal, "+00:00"));
        let photo = of(&fields);
        assert_eq!(photo.taken_at.unwrap().to_string(), "2018-01-15T09:30:05+08:00");
        assert_eq!(photo.position, Some(Position { lon: -2.0, lat: -1.5 }));
    }

    #[test]
    fn no_fix_nonsense_and_no_fields_are_no_position() {
        let zero = [(0, 1); 3];
        assert_eq!(of(&place(zero, "N", zero, "E")).position, None);
        assert_eq!(of(&place([(91, 1), (0, 1), (0, 1)], "N", zero, "E")).position, None);
        assert_eq!(of(&place([(34, 0), (0, 0), (0, 0)], "N", zero, "E")).position, None);
        let mut void = place([(34, 1), (0, 1), (0, 1)], "N", [(117, 1), (0, 1), (0, 1)], "E");
        void.push(text(Tag::GPSStatus, "V"));
        assert_eq!(of(&void).position, None);
        assert_eq!(of(&[text(Tag::DateTimeOriginal, "0000:00:00 00:00:00")]).taken_at, None);
        assert_eq!(photo(&mut Cursor::new(b"\xff\xd8\xff\xe1\x00")), Photo::default());
    }

    proptest::proptest! {
        #[test]
        fn damaged_photos_never_panic(at in 0usize..200, byte: u8) {
            let mut bytes = jpeg(&place([(34, 1), (12, 1), (18, 1)], "N", [(117, 1), (17, 1), (6, 1)], "E"));
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = photo(&mut Cursor::new(&bytes));
            let _ = photo(&mut Cursor::new(&bytes[..at]));
        }
    }
}
