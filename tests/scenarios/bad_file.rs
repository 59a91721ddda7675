//! Files that are damaged as a whole: refused by name and place, and nothing of them stays.

use crate::database::stored;
use crate::sample::{nanjing, write};
use driver::{Outcome, qingkong};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::Path;

/// The size of a file must not matter: a reader that held a line or a file would pass this.
const MEMORY_KB_AT_MOST: u64 = 200_000;
const COMMAS: usize = 256 << 20;

fn import(folder: &Path, name: &str) -> Outcome {
    qingkong(&format!("import observations {name} --data-dir data")).within(folder).run()
}

/// Writes the file, expects its refusal with these words, and that nothing was stored.
fn refuse(name: &str, bytes: &[u8], words: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write(folder.path(), name, bytes);
    let outcome = import(folder.path(), name).refused(&[&[name, "nothing was kept"], words].concat());
    assert_eq!(stored(&folder.path().join("data")), 0);
    outcome
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("memory takes bytes");
    packed.finish().expect("memory takes bytes")
}

#[test]
fn an_empty_file() {
    refuse("empty.csv", b"", &["O-101"]);
    refuse("blank.csv", b"\n \n\n", &["O-101"]);
}

#[test]
fn a_gzip_that_breaks_off_in_the_middle() {
    let packed = gzip(nanjing().as_bytes());
    refuse("half.csv.gz", &packed[..packed.len() / 2], &["O-102", "line"]);
    refuse("end.csv.gz", &packed[..packed.len() - 4], &["O-102", "line"]);
}

#[test]
fn a_binary_file() {
    let picture = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0, 1, 2, 3, 255].repeat(500)].concat();
    refuse("picture.csv", &picture, &["O-103"]);
}

#[test]
fn a_text_of_no_known_layout() {
    refuse("letter.txt", "Dear colleague,\nplease find the data attached.\n".as_bytes(), &["O-104", "Dear colleague"]);
}

#[test]
fn a_missing_column_is_named() {
    let file = nanjing().replace("date,hour,type", "date,heure,type");
    refuse("column.csv", file.as_bytes(), &["O-105", "line 1", "hour"]);
}

#[test]
fn a_file_of_commas_is_refused_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "commas.csv.gz", gzip(&vec![b','; COMMAS]));
    let outcome = import(folder.path(), "commas.csv.gz").refused(&["commas.csv.gz", "line 1"]);
    assert!(outcome.peak_memory_kb.is_none_or(|peak| peak < MEMORY_KB_AT_MOST), "{:?} kB", outcome.peak_memory_kb);
}

#[test]
fn commas_below_a_sound_header_are_refused_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = [nanjing().into_bytes(), vec![b','; COMMAS]].concat();
    write(folder.path(), "tail.csv.gz", gzip(&file));
    let outcome = import(folder.path(), "tail.csv.gz").refused(&["tail.csv.gz", "line 290"]);
    assert_eq!(stored(&folder.path().join("data")), 0);
    assert!(outcome.peak_memory_kb.is_none_or(|peak| peak < MEMORY_KB_AT_MOST), "{:?} kB", outcome.peak_memory_kb);
}

#[test]
fn a_file_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    import(folder.path(), "absent.csv").refused(&["absent.csv"]);
}

#[test]
fn one_bad_file_among_good_ones_leaves_the_good_ones_whole() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "good.csv", nanjing());
    write(folder.path(), "bad.csv", "date,type,南京\n20180101,O3,5\n");
    let call = "import observations good.csv bad.csv --data-dir data";
    qingkong(call).within(folder.path()).run().refused(&["bad.csv", "O-105"]);
    let kept = stored(&folder.path().join("data"));
    assert!(kept == 288 || kept == 0, "a file is stored whole or not at all, here {kept} of 288 values are");
}
