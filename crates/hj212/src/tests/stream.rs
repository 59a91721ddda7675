use super::*;
use crate::{BUFFER_BYTES, SEGMENT_BYTES_MAX};

fn good(second: u32) -> Vec<u8> {
    upload(&format!("DataTime=202406010858{second:02};a21026-Rtd={second}.5,a21026-Flag=N"))
}

#[test]
fn frames_are_found_however_they_are_split_or_glued() {
    let bytes: Vec<u8> = (0..60).flat_map(good).collect();
    let whole = reports(&bytes, &Devices::default());
    assert_eq!(whole.len(), 60);
    for piece in [1, 2, 3, 7, 100, 1000] {
        let pieces = reports_of(&bytes, piece, &Devices::default());
        assert_eq!(format!("{pieces:?}"), format!("{whole:?}"), "pieces of {piece}");
    }
}

#[test]
fn line_ends_are_not_needed_and_their_lack_is_told() {
    let frame = good(1);
    let bare = &frame[..frame.len() - 2];
    assert_eq!(outcome(&bare.repeat(3)), ["accept_warn missing_crlf"; 3].join(" | "));
    let ended = |end: &str| outcome(&[bare, end.as_bytes()].concat());
    assert_eq!(ended("\r\n"), "accept");
    assert_eq!(ended("**\r\n"), "accept_warn stars_after_crc");
    assert_eq!(ended("\n"), "accept_warn missing_crlf");
    assert_eq!(ended(""), "accept_warn missing_crlf");
    let mut framer = Framer::default();
    framer.push(bare);
    assert!(framer.find(&Devices::default()).is_some(), "an answer does not wait for a line end");
}

#[test]
fn a_damaged_frame_takes_nothing_with_it() {
    let frame = good(1);
    for (place, byte, code) in [
        (2, b'9', "H-203"),
        (2, b'1', "H-204"),
        (5, b'!', "H-202"),
        (40, b'!', "H-205"),
        (frame.len() - 3, b'z', "H-204"),
    ] {
        let mut damaged = frame.clone();
        damaged[place] = byte;
        let bytes = [&good(2)[..], &damaged, &good(3), &good(4)].concat();
        assert_eq!(outcome(&bytes), format!("accept | reject {code} | accept | accept"), "byte {place}");
    }
}

#[test]
fn what_breaks_off_is_incomplete_and_what_is_no_frame_is_told() {
    let frame = good(1);
    for length in 2..frame.len() - 2 {
        assert_eq!(outcome(&frame[..length]), "incomplete", "{length} bytes");
    }
    assert_eq!(outcome(&[&frame[..50], &good(2)[..]].concat()), "reject H-204 | accept");
    assert_eq!(outcome(b""), "");
    assert_eq!(outcome(b"\r\n \r\n"), "");
    assert_eq!(outcome(b"hello"), "reject H-201");
    assert_eq!(outcome(&[b"hello", &frame[..]].concat()), "accept_warn noise_before");
    assert_eq!(outcome(&[b"#", &frame[..]].concat()), "accept_warn noise_before");
    assert_eq!(outcome(&[&frame[..], b"hello"].concat()), "accept | reject H-201");
    assert_eq!(outcome(b"##00A5QN=1;\r\n"), "reject H-202");
    assert_eq!(outcome(b"##0000FFFF\r\n"), "reject H-211");
}

#[test]
fn a_length_of_three_digits_and_long_segments_are_tolerated() {
    let segment = format!("QN=20240601085857223;ST=31;CN=2011;PW=123456;MN={MN};Flag=4;CP=&&{VALUES}&&");
    let three = [b"##", &frame(&segment)[3..]].concat();
    assert_eq!(outcome(&three), "accept_warn length_three_digits");
    let long = |bytes: usize| {
        let open = format!(
            "QN=20240601085857223;ST=31;CN=2011;PW=123456;MN={MN};Flag=4;CP=&&DataTime=20240601085800;EFlag-EFlag="
        );
        format!("{open}{}&&", "x".repeat(bytes - open.len() - 2))
    };
    assert_eq!(outcome(&frame(&long(1024))), "accept");
    assert_eq!(outcome(&frame(&long(1025))), "accept_warn segment_over_1024");
    assert_eq!(outcome(&frame(&long(1623))), "accept_warn segment_over_1024 content_too_long");
    assert_eq!(outcome(&frame(&long(SEGMENT_BYTES_MAX))), "accept_warn segment_over_1024 content_too_long");
    assert_eq!(outcome(&frame(&long(SEGMENT_BYTES_MAX + 1))), "reject H-203");
}

#[test]
fn content_that_does_not_open_or_close_is_refused_whole() {
    let head = format!("QN=20240601085857223;ST=31;CN=2011;PW=123456;MN={MN};Flag=4;");
    for (content, code) in
        [("CP=DataTime=1&&", "H-211"), ("", "H-211"), ("CP=&&a=1", "H-212"), ("CP=&&&", "H-212"), ("CP=&&", "H-212")]
    {
        let bytes = [frame(&format!("{head}{content}")), good(1)].concat();
        assert_eq!(outcome(&bytes), format!("reject {code} | accept"), "{content}");
    }
}

#[test]
fn a_stream_holds_no_more_than_its_limit() {
    let mut framer = Framer::default();
    let flood = vec![b'x'; 3 * BUFFER_BYTES];
    assert_eq!(framer.push(&flood), BUFFER_BYTES);
    assert_eq!(framer.push(&flood), 0, "what is there has to be looked at first");
    assert!(framer.find(&Devices::default()).is_none());
    assert_eq!(framer.push(&flood), BUFFER_BYTES);
    assert!(framer.find(&Devices::default()).is_none());
    assert_eq!(framer.refused_bytes(), 2 * BUFFER_BYTES);
}
