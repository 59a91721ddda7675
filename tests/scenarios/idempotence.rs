//! Importing twice changes nothing; a rehearsal stores nothing.

use crate::database::{number, stored};
use crate::sample::{nanjing, write};
use driver::qingkong;

const VALUES: i64 = 288;

#[test]
fn the_second_import_of_a_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    write(folder.path(), "nanjing.csv", nanjing());
    let import = || qingkong("import observations nanjing.csv --data-dir data").within(folder.path()).run().accepted();
    import();
    assert_eq!(stored(&data), VALUES);
    import();
    assert_eq!(stored(&data), VALUES);
    assert_eq!(number(&data, "SELECT count(*) FROM observation_history"), 0);
}

#[test]
fn a_rehearsal_reports_and_stores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "nanjing.csv", nanjing());
    let call = "import observations nanjing.csv --data-dir data --dry-run";
    let outcome = qingkong(call).within(folder.path()).run().accepted();
    assert!((outcome.output + &outcome.error).contains("288"));
    assert_eq!(stored(&folder.path().join("data")), 0);
}
