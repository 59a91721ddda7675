//! Files that are none: each a clear refusal, none a panic, none read without end.

use flate2::Compression;
use flate2::write::GzEncoder;
use observe::{ObserveError, Record, import};
use proptest::prelude::*;
use std::io::{self, Read, Write};
use std::path::Path;

fn read(bytes: impl Read) -> (Result<observe::ImportReport, ObserveError>, usize) {
    let mut count = 0;
    let report = import::detect_and_read("bad.csv", bytes, &mut |_: Record| {
        count += 1;
        Ok(())
    });
    (report, count)
}

fn refusal(bytes: impl Read) -> String {
    read(bytes).0.expect_err("the file is bad").to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("a vector takes all bytes");
    encoder.finish().expect("a vector takes all bytes")
}

fn rows(count: usize) -> String {
    let row =
        |n: usize| format!("2018-01-{:02}T{:02}:00:00+08:00,320100,{}\n", n / 24 % 28 + 1, n % 24, n * 7919 % 500);
    "time,site,PM2_5\n".to_string() + &(0..count).map(row).collect::<String>()
}

#[test]
fn an_empty_file_says_so() {
    for bytes in [&b""[..], b"\n \r\n", b"\xef\xbb\xbf\n", &gzip(b"")] {
        assert_eq!(refusal(bytes), "O-101 bad.csv: the file is empty; nothing was kept");
    }
}

#[test]
fn a_truncated_gzip_names_the_last_line_that_was_read() {
    // Longer than the part that is looked at for recognition, so that reading has begun.
    let noise: String = (0..20_000u64)
        .map(|n| format!("2018-01-01T01:00:00+08:00,site-{},1\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .collect();
    let whole = gzip(format!("time,site,PM2_5\n{noise}").as_bytes());
    let message = refusal(&whole[..whole.len() / 2]);
    assert!(message.starts_with("O-102 bad.csv: the gzip stream breaks off or is damaged after line "), "{message}");
    let line: u64 =
        message.split("after line ").nth(1).and_then(|text| text.split(';').next()).unwrap().parse().unwrap();
    assert!((5_000..15_000).contains(&line), "{message}");
    assert!(refusal(&gzip(b"time,site,PM2_5\n")[..15]).starts_with("O-102"));
}

#[test]
fn binary_and_unknown_text_are_told_apart() {
    assert!(refusal(&b"\x7fELF\x02\x01\x01\0\0\0"[..]).starts_with("O-103"));
    assert_eq!(
        refusal(&b"a poem\nof two lines\n"[..]),
        "O-104 bad.csv: no known layout; line 1 begins \"a poem\"; nothing was kept"
    );
}

#[test]
fn a_missing_column_is_named_with_its_line() {
    let message = refusal(&b"time,PM2_5\n2018-01-01T01:00:00+08:00,3\n"[..]);
    assert_eq!(message, "O-105 bad.csv: line 1: the layout qingkong-csv needs a column \"site\"; nothing was kept");
    assert!(refusal(&b"No,year,month,day,hour,PM2.5,WSPM,station\n"[..]).contains("column \"SO2\""));
}

#[test]
fn a_billion_commas_end_at_the_limit_of_a_line() {
    let commas = io::repeat(b',').take(1_000_000_000);
    assert!(refusal(commas).starts_with("O-104"));
    let behind_a_header = b"time,site,PM2_5\n".chain(io::repeat(b',').take(1_000_000_000));
    assert!(refusal(behind_a_header).starts_with("O-106 bad.csv: line 2 is longer than 1048576 bytes"));
    let one_line = [b"time,site,PM2_5\n".as_slice(), &vec![b','; 20_000], b"\n"].concat();
    assert!(refusal(&one_line[..]).starts_with("O-107 bad.csv: line 2 has more than 10000 fields"));
}

#[test]
fn an_endless_document_ends_at_the_limit_of_a_token() {
    let json = br#"{"features":[{"geometry":"#.chain(io::repeat(b' ').take(1_000_000_000));
    assert!(refusal(json).starts_with("O-108"));
    let xml = b"<GetAQIDataPublishLivesResponse><AQIDataPublishLive>".chain(io::repeat(b'x').take(1_000_000_000));
    assert!(refusal(xml).starts_with("O-108"));
    let deep = br#"<AQIDataPublishLive>"#.chain(io::Cursor::new("<a>".repeat(100_000)));
    assert!(refusal(deep).starts_with("O-110"));
}

#[test]
fn a_receiver_that_fails_stops_the_import() {
    let mut taken = 0;
    let report = import::detect_and_read("full.csv", rows(50).as_bytes(), &mut |_| {
        taken += 1;
        if taken < 10 { Ok(()) } else { Err("disk full".into()) }
    });
    assert_eq!(report.unwrap_err().to_string(), "O-113 full.csv: storing failed: disk full; nothing was kept");
    assert_eq!(taken, 10);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let report = import::read_path(Path::new("no/such/file.csv"), &mut |_| Ok(()));
    assert!(report.unwrap_err().to_string().starts_with("O-108 no/such/file.csv: can't be read"));
}

#[test]
fn a_reader_that_fails_half_way_is_reported() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the line went dead"))
        }
    }
    let message = refusal(io::Cursor::new(rows(5_000)).chain(Broken));
    assert_eq!(message, "O-108 bad.csv: can't be read: the line went dead; nothing was kept");
}

fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the fixtures are part of the crate")
        .map(|entry| entry.expect("a folder can be listed").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a fixture can be read")).collect()
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes[..]);
        let _ = read(&gzip(&bytes)[..]);
    }

    #[test]
    fn a_damaged_fixture_is_read_or_refused_and_its_counts_agree(
        file in 0usize..100,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let all = fixtures();
        let mut bytes = all[file % all.len()].clone();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let (report, records) = read(&bytes[..]);
        if let Ok(report) = report {
            prop_assert_eq!(records as u64, report.kept + report.missing + report.sites);
            prop_assert!(report.flagged <= report.kept);
        }
    }

    #[test]
    fn a_cut_fixture_never_panics(file in 0usize..100, end in any::<prop::sample::Index>()) {
        let all = fixtures();
        let bytes = &all[file % all.len()];
        let _ = read(&bytes[..end.index(bytes.len())]);
    }
}
