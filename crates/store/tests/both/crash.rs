use crate::harness::{Place, all_rows, begin, import, many, nanjing};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

both![a_process_killed_in_the_middle_of_an_import_leaves_only_what_it_had_finished];

const ADDRESS: &str = "QINGKONG_CRASH_ADDRESS";
const HALF_WRITTEN: &str = "half written";

/// The test starts itself once more as the process to be killed; that one is told the database by its environment.
const VICTIM: &str = "crash::sqlite::a_process_killed_in_the_middle_of_an_import_leaves_only_what_it_had_finished";

async fn a_process_killed_in_the_middle_of_an_import_leaves_only_what_it_had_finished(place: Place) {
    if let Ok(address) = std::env::var(ADDRESS) {
        return write_half_a_file_and_hang(Place { address }).await;
    }
    place.open().await.close().await;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([VICTIM, "--exact", "--nocapture"])
        .env(ADDRESS, &place.address)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(HALF_WRITTEN)), "the child ended too early");
    child.kill().unwrap();
    child.wait().unwrap();

    let store = place.open().await;
    assert_eq!(store.imports().await.unwrap().len(), 1);
    assert_eq!(all_rows(&store).await, nanjing(&[35]));
    assert_eq!(store.series().await.unwrap().len(), 1);
    assert_eq!(import(&store, "whole", &many()).await.new, 300_000);
}

/// The victim: finishes one file, writes more than a batch of the next, says so, and waits to be killed.
async fn write_half_a_file_and_hang(place: Place) {
    let store = place.open().await;
    import(&store, "finished", &nanjing(&[35])).await;
    let _half = begin(&store, "half", &many()).await;
    println!("{HALF_WRITTEN}");
    std::future::pending::<()>().await;
}
