//! Places that cannot be used: a folder that cannot be written, a port that is taken, a later database.

use crate::database::{age_by_one_schema, stored};
use crate::sample::{nanjing, write};
use driver::qingkong;
use std::net::TcpListener;

#[test]
fn a_data_folder_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "nanjing.csv", nanjing());
    // Root may write to any folder, but nobody can make one below a file.
    write(folder.path(), "taken", "a file where a folder should be");
    for data in ["taken", "taken/data"] {
        let call = format!("import observations nanjing.csv --data-dir {data}");
        qingkong(&call).within(folder.path()).run().refused(&["T-101", "taken", "nothing was stored"]);
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("taken")).unwrap(), "a file where a folder should be");
}

#[test]
fn a_file_that_is_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    write(&data, "qingkong.db", "not a database, but long enough to be looked at by one that expects pages");
    write(folder.path(), "nanjing.csv", nanjing());
    let call = "import observations nanjing.csv --data-dir data";
    qingkong(call).within(folder.path()).run().refused(&["T-103", "qingkong.db"]);
    assert!(std::fs::read_to_string(data.join("qingkong.db")).unwrap().starts_with("not a database"));
}

#[test]
fn a_database_of_a_later_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    write(folder.path(), "nanjing.csv", nanjing());
    let import = || qingkong("import observations nanjing.csv --data-dir data").within(folder.path()).run();
    import().accepted();
    age_by_one_schema(&data);
    import().refused(&["T-102", "9999", "left as it is"]);
    assert_eq!(stored(&data), 288);
}

#[test]
fn a_port_that_is_taken_is_named_before_any_work_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let call = format!("demo --listen {address} --data-dir data");
    qingkong(&call).within(folder.path()).run().refused(&["A-", &address]);
    assert_eq!(stored(&folder.path().join("data")), 0);
}
