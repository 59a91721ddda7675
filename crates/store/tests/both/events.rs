use crate::harness::{Place, moment};
use crate::tally::{Command, Done, Tally, actor, add, give, kinds, open};
use event::Record;
use proptest::prelude::*;
use serde_json::json;
use store::{EventFilter, ExecuteError, Store};

both![
    a_command_leaves_a_record_a_state_and_a_row,
    a_command_with_nothing_to_do_is_accepted_and_leaves_no_record,
    a_refused_or_stale_command_leaves_nothing,
    a_repeated_command_is_answered_and_not_repeated,
    a_key_of_another_command_is_refused,
    a_thing_made_twice_under_one_key_is_made_once,
    the_same_command_sent_many_times_at_once_happens_once,
    commands_at_once_make_one_chain,
    a_failure_in_the_middle_leaves_nothing,
    erasing_personal_data_leaves_the_chain_whole,
    the_log_is_read_through_filters,
    events_cannot_be_changed_by_a_plain_statement,
];

async fn records(store: &Store) -> Vec<Record> {
    let all = store.events(&EventFilter { limit: 1000, ..EventFilter::default() }).await.unwrap();
    all.iter().map(|stored| stored.record().unwrap()).collect()
}

async fn holds(store: &Store) {
    let verdict = store.verify(&[], &[]).await.unwrap();
    assert!(verdict.holds(), "{verdict:?}");
}

fn refusal(done: Done) -> String {
    done.unwrap_err().to_string()
}

async fn a_command_leaves_a_record_a_state_and_a_row(place: Place) {
    let store = open(&place).await;
    let done = give(&store, "t1", Command::AddTwice { n: 2 }, Some("k"), Some(0)).await.unwrap();
    assert_eq!((done.id.as_str(), done.version, done.seq.as_slice(), done.repeated), ("t1", 2, &[1, 2][..], false));
    assert_eq!(done.state.total, 4);
    assert_eq!(store.load::<Tally>("t1").await.unwrap(), Some((done.state, 2)));
    assert_eq!(store.load::<Tally>("t2").await.unwrap(), None);
    let [first, second] = records(&store).await.try_into().unwrap();
    assert_eq!(
        (first.name.as_str(), first.command.as_str(), first.stream_kind.as_str()),
        ("added", "add_twice", "tally")
    );
    assert_eq!((first.at, first.actor.account.as_str()), (moment(), "air"));
    assert_eq!((first.command_id.as_deref(), first.reason.as_deref()), (Some("k"), Some("试")));
    assert_eq!((second.seq, second.version), (2, 2));
    assert_eq!((&second.before["total"], &second.after["total"]), (&json!(2), &json!(4)));
    assert_eq!(
        (second.before.get("open"), second.before.get("last")),
        (None, None),
        "unchanged fields are not repeated"
    );
    assert_eq!(store.dump(&kinds()).await.unwrap().len(), 2);
    holds(&store).await;
}

async fn a_command_with_nothing_to_do_is_accepted_and_leaves_no_record(place: Place) {
    let store = open(&place).await;
    give(&store, "t1", Command::Open, None, None).await.unwrap();
    let again = give(&store, "t1", Command::Open, None, Some(1)).await.unwrap();
    assert_eq!((again.version, again.seq.len(), again.repeated), (1, 0, false));
    assert_eq!(records(&store).await.len(), 1);
}

async fn a_refused_or_stale_command_leaves_nothing(place: Place) {
    let store = open(&place).await;
    add(&store, "t1", 9).await.unwrap();
    let before = store.dump(&kinds()).await.unwrap();
    assert!(refusal(give(&store, "t1", Command::Add { n: 2 }, Some("k"), None).await).starts_with("X-101"));
    let stale = give(&store, "t1", Command::Add { n: 1 }, Some("k"), Some(0)).await.unwrap_err();
    assert!(matches!(stale, ExecuteError::Stale { expected: 0, found: 1 }) && stale.to_string().starts_with("E-409"));
    assert_eq!((store.dump(&kinds()).await.unwrap(), records(&store).await.len()), (before, 1));
    // Neither took the key with it.
    assert!(!give(&store, "t1", Command::Add { n: 1 }, Some("k"), Some(1)).await.unwrap().repeated);
    holds(&store).await;
}

async fn a_repeated_command_is_answered_and_not_repeated(place: Place) {
    let store = open(&place).await;
    let first = give(&store, "t1", Command::Add { n: 3 }, Some("k"), Some(0)).await.unwrap();
    add(&store, "t1", 1).await.unwrap();
    let again = give(&store, "t1", Command::Add { n: 3 }, Some("k"), Some(0)).await.unwrap();
    assert_eq!((again.repeated, again.seq, again.version, again.state), (true, first.seq, 1, first.state));
    assert_eq!(records(&store).await.len(), 2);
    // The key is the sender's own: another account may use the same.
    let by = actor("leader");
    let (at, command) = (moment(), Command::Add { n: 3 });
    let order =
        store::Order { id: "t1", expected: None, command, by: &by, at, shown: at, key: Some("k"), reason: None };
    assert!(!store.execute::<Tally>(order).await.unwrap().repeated);
    assert_eq!(store.forget_commands(at).await.unwrap(), 0);
    let later = "2018-03-01T00:00:00+08:00".parse().unwrap();
    assert_eq!(store.forget_commands(later).await.unwrap(), 2);
}

async fn a_key_of_another_command_is_refused(place: Place) {
    let store = open(&place).await;
    give(&store, "t1", Command::Add { n: 3 }, Some("k"), None).await.unwrap();
    for (id, command) in [("t1", Command::Add { n: 4 }), ("t2", Command::Add { n: 3 }), ("t1", Command::Open)] {
        assert!(refusal(give(&store, id, command, Some("k"), None).await).starts_with("E-422"));
    }
    assert_eq!(records(&store).await.len(), 1);
}

async fn a_thing_made_twice_under_one_key_is_made_once(place: Place) {
    let store = open(&place).await;
    let first = give(&store, "made-1", Command::Open, Some("k"), Some(0)).await.unwrap();
    let again = give(&store, "made-2", Command::Open, Some("k"), Some(0)).await.unwrap();
    assert_eq!((first.id.as_str(), again.id.as_str(), again.repeated), ("made-1", "made-1", true));
    assert_eq!(store.load::<Tally>("made-2").await.unwrap(), None);
}

async fn the_same_command_sent_many_times_at_once_happens_once(place: Place) {
    let store = open(&place).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let store = store.clone();
        tasks.spawn(
            async move { give(&store, "t1", Command::Add { n: 1 }, Some("once"), None).await.unwrap().repeated },
        );
    }
    let repeated = tasks.join_all().await;
    assert_eq!(repeated.iter().filter(|repeated| !**repeated).count(), 1);
    assert_eq!(store.load::<Tally>("t1").await.unwrap().unwrap().1, 1);
}

async fn commands_at_once_make_one_chain(place: Place) {
    let store = open(&place).await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..12 {
        let store = store.clone();
        tasks.spawn(async move {
            let mut refused = 0;
            for turn in 0..5 {
                let id = format!("t{}", (task + turn) % 3);
                refused += i32::from(add(&store, &id, 1).await.is_err());
            }
            refused
        });
    }
    let refused: i32 = tasks.join_all().await.into_iter().sum();
    assert_eq!(refused, 30, "three tallies of ten take thirty of sixty");
    let records = records(&store).await;
    assert_eq!(records.iter().map(|record| record.seq).collect::<Vec<_>>(), (1..=30).collect::<Vec<_>>());
    holds(&store).await;
    assert_eq!(store.check_kinds(&kinds()).await.unwrap().difference, None);
}

async fn a_failure_in_the_middle_leaves_nothing(place: Place) {
    let store = open(&place).await;
    add(&store, "t1", 1).await.unwrap();
    let whole = store.chain_state().await.unwrap();
    // The record is written before the table, whose absence stops the command half-way.
    place.execute("ALTER TABLE test_tally RENAME TO away").await;
    let error = give(&store, "t1", Command::AddTwice { n: 1 }, Some("k"), None).await.unwrap_err();
    assert!(matches!(error, ExecuteError::Store(_)), "{error}");
    assert_eq!((store.chain_state().await.unwrap(), records(&store).await.len()), (whole, 1));
    place.execute("ALTER TABLE away RENAME TO test_tally").await;
    assert!(!give(&store, "t1", Command::AddTwice { n: 1 }, Some("k"), None).await.unwrap().repeated);
    holds(&store).await;
}

async fn erasing_personal_data_leaves_the_chain_whole(place: Place) {
    let store = open(&place).await;
    let (air, leader) = (actor("air").account, actor("leader").account);
    let phone = store.set_personal(&air, "phone", "13800000000", moment()).await.unwrap();
    let other = store.set_personal(&leader, "phone", "13900000000", moment()).await.unwrap();
    give(&store, &phone, Command::Open, None, None).await.unwrap();
    assert_eq!(store.personal(&phone).await.unwrap().as_deref(), Some("13800000000"));
    assert_eq!(store.erase_personal(&air, moment()).await.unwrap(), 1);
    assert_eq!(store.personal(&phone).await.unwrap(), None);
    assert_eq!(store.personal(&other).await.unwrap().as_deref(), Some("13900000000"));
    assert!(records(&store).await[0].stream_id == phone);
    holds(&store).await;
}

async fn the_log_is_read_through_filters(place: Place) {
    let store = open(&place).await;
    for id in ["t1", "t2", "t1"] {
        add(&store, id, 1).await.unwrap();
    }
    give(&store, "t2", Command::Open, None, None).await.unwrap();
    let any = EventFilter { limit: 10, ..EventFilter::default() };
    let some = |text: &str| Some(text.to_string());
    let cases = [
        (EventFilter { id: some("t1"), ..any.clone() }, vec![1, 3]),
        (EventFilter { name: some("opened"), kind: some("tally"), ..any.clone() }, vec![4]),
        (EventFilter { after_seq: Some(1), before_seq: Some(4), ..any.clone() }, vec![2, 3]),
        (EventFilter { newest_first: true, limit: 2, ..any.clone() }, vec![4, 3]),
        (
            EventFilter { account: some("air"), organisations: vec!["js".into(), "nj".into()], ..any.clone() },
            vec![1, 2, 3, 4],
        ),
        (EventFilter { organisations: vec!["nj".into()], ..any.clone() }, vec![]),
        (EventFilter { id: some("' OR 1=1 --"), ..any.clone() }, vec![]),
        (EventFilter { to: Some(moment()), ..any.clone() }, vec![]),
        (EventFilter { from: Some(moment()), ..any.clone() }, vec![1, 2, 3, 4]),
    ];
    for (filter, seq) in cases {
        let found: Vec<i64> = store.events(&filter).await.unwrap().iter().map(|record| record.seq).collect();
        assert_eq!(found, seq, "{filter:?}");
        if filter.limit == 10 {
            assert_eq!(store.count_events(&filter).await.unwrap(), seq.len() as u64);
        }
    }
}

async fn events_cannot_be_changed_by_a_plain_statement(place: Place) {
    let store = open(&place).await;
    add(&store, "t1", 1).await.unwrap();
    for sql in ["UPDATE event SET account = 'x'", "DELETE FROM event"] {
        assert!(place.try_execute(sql).await.unwrap_err().to_string().contains("never changed"), "{sql}");
    }
    holds(&store).await;
}

fn any_command() -> impl Strategy<Value = (u8, u8, Option<u8>)> {
    (0u8..3, 0u8..4, proptest::option::of(0u8..6))
}

/// Four callers at once give what chance says: some is refused, some repeated, some has nothing to do.
async fn all_at_once(place: Place, callers: Vec<Vec<(u8, u8, Option<u8>)>>) {
    let store = open(&place).await;
    let mut tasks = tokio::task::JoinSet::new();
    for commands in callers {
        let store = store.clone();
        tasks.spawn(async move {
            for (id, what, key) in commands {
                let command = match what {
                    0 => Command::Open,
                    1 => Command::AddTwice { n: 2 },
                    n => Command::Add { n: n.into() },
                };
                let key = key.map(|key| format!("k{key}"));
                let done = give(&store, &format!("t{id}"), command, key.as_deref(), None).await;
                assert!(!matches!(done, Err(ExecuteError::Store(_))), "{done:?}");
            }
        });
    }
    tasks.join_all().await;
    holds(&store).await;
    let seq: Vec<i64> = records(&store).await.iter().map(|record| record.seq).collect();
    assert_eq!(seq, (1..=seq.len() as i64).collect::<Vec<_>>());
    assert_eq!(store.check_kinds(&kinds()).await.unwrap().difference, None);
    store.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_interleaving_of_commands_verifies_and_rebuilds(
        callers in prop::collection::vec(prop::collection::vec(any_command(), 0..8), 4)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { address: format!("sqlite:{}", folder.path().join("qingkong.db").display()) };
        tokio::runtime::Runtime::new().unwrap().block_on(all_at_once(place, callers));
    }
}
