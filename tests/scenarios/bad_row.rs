//! Rows that cannot be true, in a table for `aqi` and in a file of observations.

use crate::database::{number, stored};
use crate::sample::{nanjing, write};
use driver::qingkong;

/// One row under the header `time,site,CO,PM2_5`, and what the refusal must name.
const ROWS: &str = "
 2018-02-30 | 320100 | 0.8  | 35         -> time
 2018-13-01 | 320100 | 0.8  | 35         -> time
 2018-01-16 | 320100 | 0.8  | -35        -> PM2_5
 2018-01-16 | 320100 | -0.1 | 35         -> CO
 2018-01-16 | 320100 | 0.8  | 1000000000 -> PM2_5
 2018-01-16 | 320100 | 0.8  | 1e9        -> PM2_5
 2018-01-16 | 320100 | 0.8  | thirty     -> PM2_5
";

#[test]
fn a_row_that_cannot_be_true_is_refused_by_line_and_column() {
    for row in ROWS.trim().lines() {
        let (cells, column) = row.split_once("->").unwrap();
        let cells: Vec<_> = cells.split('|').map(str::trim).collect();
        let input = format!("time,site,CO,PM2_5\n2018-01-15,320100,0.8,35\n{}\n", cells.join(","));
        let folder = tempfile::tempdir().unwrap();
        let call = qingkong("aqi --period day -o table.csv").reading(input).within(folder.path());
        call.run().refused(&["line 3", column.trim(), "nothing was written"]);
        assert!(!folder.path().join("table.csv").exists(), "no half of a table is left: {row}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_by_line() {
    let input = b"time,site,PM2_5\n2018-01-15,320100,35\n2018-01-16,\xff\xfe\xfd,35\n";
    qingkong("aqi --period day").reading(input).run().refused(&["line 3"]);
}

#[test]
fn a_table_without_its_time_is_refused_by_the_name_of_the_column() {
    qingkong("aqi --period day").reading("site,PM2_5\n320100,35\n").run().refused(&["time"]);
    qingkong("aqi --period day").reading("").run().refused(&[]);
}

/// Rows behind two good days of Nanjing, and how the report names each.
const BAD_OBSERVATIONS: &str = "
 20180230,5,PM2.5,35          -> 290 date O-201
 20180117,25,PM2.5,35         -> 291 hour O-202
 20180117,6,PM2.5,3x5         -> 292 南京 O-203
";

#[test]
fn good_rows_are_kept_whole_and_bad_ones_are_listed_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = nanjing();
    let rows: Vec<_> = BAD_OBSERVATIONS.trim().lines().map(|row| row.split_once("->").unwrap()).collect();
    rows.iter().for_each(|(row, _)| file += &format!("{}\n", row.trim()));
    write(folder.path(), "mixed.csv", file);
    let call = "import observations mixed.csv --data-dir data";
    let outcome = qingkong(call).within(folder.path()).run().refused(&["mixed.csv", "3 rows", "line 290, column date"]);
    let report = outcome.output + &outcome.error;
    for word in rows.iter().flat_map(|(_, place)| place.split_whitespace()) {
        assert!(report.contains(word), "{word} in:\n{report}");
    }
    let data = folder.path().join("data");
    assert_eq!(stored(&data), 288);
    assert_eq!(number(&data, "SELECT count(*) FROM refused_row"), 3);
}

#[test]
fn what_no_air_holds_is_kept_as_invalid_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let file = nanjing() + "20180117,5,PM2.5,-35\n20180117,6,PM2.5,1000000000\n";
    write(folder.path(), "impossible.csv", file);
    let outcome = qingkong("import observations impossible.csv --data-dir data").within(folder.path()).run().accepted();
    assert!((outcome.output + &outcome.error).contains("2 flagged"));
    let data = folder.path().join("data");
    assert_eq!(stored(&data), 290);
    // State 2 is "invalid": the value as received is kept, and no mean takes it.
    assert_eq!(number(&data, "SELECT count(*) FROM observation WHERE state = 2"), 2);
}

#[test]
fn a_file_in_two_encodings_keeps_what_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    // The header is UTF-8; one row holds bytes of neither UTF-8 nor GBK.
    let file = [nanjing().as_bytes(), b"20180117,5,PM2.5,\xff\xff\xff\n"].concat();
    write(folder.path(), "encodings.csv", file);
    let call = "import observations encodings.csv --data-dir data";
    qingkong(call).within(folder.path()).run().refused(&[
        "encodings.csv",
        "line 290",
        "O-206",
        "288 other values were kept",
    ]);
    assert_eq!(stored(&folder.path().join("data")), 288);
}
