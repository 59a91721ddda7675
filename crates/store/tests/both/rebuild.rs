use crate::harness::Place;
use crate::tally::{Command, add, give, kinds, open};
use store::{Kind, Store, StoreError};

both![
    rebuilt_tables_are_the_live_ones,
    a_check_names_the_first_difference_and_changes_nothing,
    a_kind_without_tables_here_stops_a_rebuild,
    a_rebuild_repeats_no_effect,
];

async fn filled(place: &Place) -> Store {
    let store = open(place).await;
    for n in 0..30 {
        let id = format!("t{}", n % 4);
        // Some are refused, some have nothing to do; sums of thirds are exact only when they are read back exactly.
        drop(add(&store, &id, n % 3).await);
        drop(give(&store, &id, Command::Open, None, None).await);
    }
    store
}

async fn rebuilt_tables_are_the_live_ones(place: Place) {
    let store = filled(&place).await;
    let live = store.dump(&kinds()).await.unwrap();
    assert_eq!(live.len(), 8);
    assert_eq!(store.check_kinds(&kinds()).await.unwrap().difference, None);
    place.execute("DELETE FROM test_tally").await;
    place.execute("DELETE FROM stream WHERE id = 't1'").await;
    let rebuilt = store.rebuild_kinds(&kinds()).await.unwrap();
    assert_eq!((rebuilt.events, rebuilt.tables), (store.chain_state().await.unwrap().last_seq as u64, 2));
    assert_eq!(store.dump(&kinds()).await.unwrap(), live);
    // Work goes on where it stood.
    add(&store, "t9", 1).await.unwrap();
    assert!(store.verify(&[], &[]).await.unwrap().holds());
}

async fn a_check_names_the_first_difference_and_changes_nothing(place: Place) {
    let store = filled(&place).await;
    place.execute("UPDATE test_tally SET total = 99 WHERE id = 't2'").await;
    let live = store.dump(&kinds()).await.unwrap();
    let found = store.check_kinds(&kinds()).await.unwrap().difference.unwrap();
    assert_eq!(found.table, "test_tally");
    assert!(found.live.unwrap().contains("99") && found.rebuilt.unwrap().contains("t2"));
    assert_eq!(store.dump(&kinds()).await.unwrap(), live);
    // Twice: the copies of the first check are gone.
    place.execute("INSERT INTO test_tally (id, total) VALUES ('ghost', 1)").await;
    place.execute("DELETE FROM test_tally WHERE id = 't2'").await;
    let found = store.check_kinds(&kinds()).await.unwrap().difference.unwrap();
    assert!(found.live.unwrap().contains("ghost") && found.rebuilt.unwrap().contains("t2"));
}

async fn a_kind_without_tables_here_stops_a_rebuild(place: Place) {
    let store = filled(&place).await;
    let live = store.dump(&kinds()).await.unwrap();
    let none: &[Kind] = &[];
    let error = store.rebuild_kinds(none).await.unwrap_err();
    assert!(matches!(&error, StoreError::UnknownKind { seq: 1, kind } if kind == "tally"), "{error}");
    assert_eq!(store.dump(&kinds()).await.unwrap(), live);
}

async fn a_rebuild_repeats_no_effect(place: Place) {
    let store = filled(&place).await;
    give(&store, "t1", Command::Remind { key: "a".into() }, None, None).await.unwrap();
    let before =
        (store.timers(None, 9).await.unwrap(), store.jobs(None, 9).await.unwrap(), store.outbox(9).await.unwrap());
    store.rebuild_kinds(&kinds()).await.unwrap();
    let after =
        (store.timers(None, 9).await.unwrap(), store.jobs(None, 9).await.unwrap(), store.outbox(9).await.unwrap());
    assert_eq!((before.0.len(), before.1.len(), before.2.len()), (1, 1, 1));
    assert_eq!(before, after);
}
