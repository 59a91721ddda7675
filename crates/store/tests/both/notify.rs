use crate::harness::Place;
use crate::world::{account, actor, found, moment, org, run, scope};
use event::{Recipient, Urgency};
use notify::{Channel, ChannelCommand, Preference, Secrets, Settings, Verdict};
use org::{Account, AccountCommand, Extent, OrgKind};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use store::{Claim, Outgoing, Store, WorkState};
use units::Instant;

both![
    an_organisation_is_told_once_each_and_its_group_once,
    what_was_expanded_is_not_expanded_again,
    notices_are_ones_own,
    a_dead_worker_loses_nothing_and_its_late_word_does_not_count,
    failures_are_tried_again_until_the_message_is_dead_and_a_person_revives_it,
    no_minute_carries_more_than_the_limit_also_after_a_restart,
    too_fast_shuts_the_channel_and_does_not_count,
    what_can_wait_goes_out_as_one_digest,
    what_comes_after_the_digest_has_gone_goes_in_another,
    a_notice_that_cannot_be_made_is_seen_and_can_be_made_again,
    a_closed_channel_buries_what_waits_and_keeps_no_secret,
    channels_and_deliveries_are_seen_within_the_scope,
    many_workers_send_each_message_once,
];

fn later(at: Instant, seconds: u64) -> Instant {
    Instant::from_utc(at.to_utc() + Duration::from_secs(seconds))
}

async fn open_account(store: &Store, id: &str, at: &str) {
    let command = AccountCommand::Open {
        id: account(id),
        login: id.into(),
        name: id.into(),
        organisation: org(at),
        phone: None,
        mail: None,
        must_change_password: false,
        place: store.org_place(&org(at)).await.unwrap(),
        login_taken: false,
    };
    run::<Account>(store, id, command, &actor("root", &org("js")), moment(0)).await.unwrap();
}

async fn open_channel(store: &Store, id: &str, at: &str, settings: &str) {
    let settings: Settings = serde_json::from_str(settings).unwrap();
    let command = ChannelCommand::Open { name: id.into(), organisation: org(at), settings };
    run::<Channel>(store, id, command, &actor("root", &org("js")), moment(0)).await.unwrap();
}

const MAIL: &str = r#"{"kind":"email","host":"mail.example","port":25,"security":"plain","from":"qk@example.cn"}"#;
const HOOK: &str = r#"{"kind":"webhook","url":"https://hook.example/"}"#;
const ROBOT: &str = r#"{"kind":"wecom"}"#;

/// A province that sends mail, a city of two accounts with a robot; one of the two has a mail address.
async fn city(place: &Place) -> Store {
    let store = place.open().await;
    found(&store, "js", OrgKind::Department, None).await;
    found(&store, "nj", OrgKind::CityBureau, Some("js")).await;
    found(&store, "xz", OrgKind::CityBureau, Some("js")).await;
    open_account(&store, "wang", "nj").await;
    open_account(&store, "zhao", "nj").await;
    open_account(&store, "li", "xz").await;
    store.set_personal(&account("wang"), "mail", "wang@example.cn", moment(0)).await.unwrap();
    open_channel(&store, "mail", "js", MAIL).await;
    open_channel(&store, "robot", "nj", ROBOT).await;
    store
}

async fn tell(store: &Store, key: &str, to: Recipient, urgency: Urgency, at: Instant) {
    let values = json!({"matter": "m1", "code": "RW-1", "title": key});
    assert!(store.notify(key, &to, "matter-closed", &values, urgency, at).await.unwrap());
}

fn nj() -> Recipient {
    Recipient::Organisation(org("nj"))
}

fn claim(worker: &str, at: Instant) -> Claim<'_> {
    Claim { worker, at, lease_seconds: 60, limit: 1 }
}

async fn take(store: &Store, worker: &str, at: Instant) -> Option<Outgoing> {
    store.claim_delivery(&claim(worker, at)).await.unwrap()
}

async fn finish(store: &Store, outgoing: &Outgoing, worker: &str, verdict: Verdict, at: Instant) -> bool {
    store.finish_delivery(outgoing, worker, &verdict, at).await.unwrap()
}

fn sent() -> Verdict {
    Verdict::Sent("250 ok".into())
}

async fn count(store: &Store, state: WorkState) -> u64 {
    store.count_deliveries(&scope(Extent::All), Some(state)).await.unwrap()
}

async fn an_organisation_is_told_once_each_and_its_group_once(place: Place) {
    let store = city(&place).await;
    tell(&store, "a", nj(), Urgency::Immediate, moment(1)).await;
    assert_eq!(store.expand_outbox(moment(1), 10).await.unwrap(), 1);
    for id in ["wang", "zhao"] {
        assert_eq!(store.count_notices(&account(id)).await.unwrap(), (1, 1));
    }
    assert_eq!(store.count_notices(&account("li")).await.unwrap(), (0, 0));
    let mut gone = Vec::new();
    while let Some(outgoing) = take(&store, "w", moment(1)).await {
        assert!(finish(&store, &outgoing, "w", sent(), moment(1)).await);
        gone.push((outgoing.channel, outgoing.address, outgoing.parts[0].0.clone()));
    }
    gone.sort();
    let mail = ("mail".to_string(), Some("wang@example.cn".to_string()), "matter-closed".to_string());
    assert_eq!(gone, [mail, ("robot".into(), None, "matter-closed".into())]);
    let listed = store.deliveries(&scope(Extent::All), Some(WorkState::Done), 10, None).await.unwrap();
    assert!(listed.items.iter().all(|row| row.receipt.as_deref() == Some("250 ok") && row.sent_at == Some(moment(1))));
}

async fn what_was_expanded_is_not_expanded_again(place: Place) {
    let store = city(&place).await;
    tell(&store, "a", Recipient::Account(account("wang")), Urgency::Immediate, moment(1)).await;
    let (one, two) = tokio::join!(store.expand_outbox(moment(1), 10), store.expand_outbox(moment(1), 10));
    one.unwrap();
    two.unwrap();
    assert_eq!(store.expand_outbox(moment(2), 10).await.unwrap(), 0);
    assert_eq!(store.count_notices(&account("wang")).await.unwrap(), (1, 1));
    // Told alone, the group of the organisation is not told.
    assert_eq!(count(&store, WorkState::Pending).await, 1);
}

async fn notices_are_ones_own(place: Place) {
    let store = city(&place).await;
    for (key, minute) in [("a", 1), ("b", 2), ("c", 3)] {
        tell(&store, key, Recipient::Account(account("wang")), Urgency::Digest, moment(minute)).await;
        store.expand_outbox(moment(minute), 10).await.unwrap();
    }
    let page = store.notices(&account("wang"), false, 2, None).await.unwrap();
    let rest = store.notices(&account("wang"), false, 2, page.next.as_deref()).await.unwrap();
    let titles: Vec<_> =
        page.items.iter().chain(&rest.items).map(|row| row.values["title"].as_str().unwrap()).collect();
    assert_eq!((titles, rest.next), (vec!["c", "b", "a"], None));
    let id = page.items[0].id.clone();
    assert_eq!(store.read_notices(&account("li"), Some(&id), moment(2)).await.unwrap(), 0);
    assert!(!store.owns_notice(&account("li"), &id).await.unwrap());
    assert_eq!(store.read_notices(&account("wang"), Some(&id), moment(2)).await.unwrap(), 1);
    assert_eq!(store.read_notices(&account("wang"), Some(&id), moment(3)).await.unwrap(), 0);
    assert_eq!(store.count_notices(&account("wang")).await.unwrap(), (3, 2));
    assert_eq!(store.notices(&account("wang"), true, 9, None).await.unwrap().items.len(), 2);
    assert_eq!(store.read_notices(&account("wang"), None, moment(2)).await.unwrap(), 2);
}

async fn a_dead_worker_loses_nothing_and_its_late_word_does_not_count(place: Place) {
    let store = city(&place).await;
    tell(&store, "a", Recipient::Account(account("wang")), Urgency::Immediate, moment(1)).await;
    store.expand_outbox(moment(1), 10).await.unwrap();
    let first = take(&store, "dies", moment(1)).await.unwrap();
    assert!(take(&store, "other", later(moment(1), 59)).await.is_none(), "the lease holds");
    let again = take(&store, "other", later(moment(1), 60)).await.unwrap();
    assert_eq!((again.id.as_str(), again.attempts), (first.id.as_str(), 2));
    assert!(!finish(&store, &first, "dies", Verdict::Refused("late".into()), later(moment(1), 61)).await);
    assert!(finish(&store, &again, "other", sent(), later(moment(1), 61)).await);
    assert_eq!((count(&store, WorkState::Done).await, count(&store, WorkState::Dead).await), (1, 0));
}

async fn failures_are_tried_again_until_the_message_is_dead_and_a_person_revives_it(place: Place) {
    let store = city(&place).await;
    tell(&store, "a", Recipient::Account(account("wang")), Urgency::Immediate, moment(1)).await;
    store.expand_outbox(moment(1), 10).await.unwrap();
    let (mut now, mut attempts) = (moment(1), 0);
    while count(&store, WorkState::Pending).await == 1 {
        let Some(outgoing) = take(&store, "w", now).await else {
            now = later(now, 5);
            continue;
        };
        attempts += 1;
        assert!(finish(&store, &outgoing, "w", Verdict::Later("503".into()), now).await);
    }
    assert_eq!((attempts, count(&store, WorkState::Dead).await), (9, 1));
    let dead = store.deliveries(&scope(Extent::All), Some(WorkState::Dead), 9, None).await.unwrap().items.remove(0);
    assert_eq!(dead.last_error.as_deref(), Some("503"));
    assert!(!store.retry_delivery(&scope(Extent::Organisation(org("xz"))), &dead.id, now).await.unwrap());
    assert!(store.retry_delivery(&scope(Extent::All), &dead.id, now).await.unwrap());
    assert!(!store.retry_delivery(&scope(Extent::All), &dead.id, now).await.unwrap(), "it is not dead any more");
    assert_eq!(take(&store, "w", now).await.unwrap().attempts, 1);
}

async fn no_minute_carries_more_than_the_limit_also_after_a_restart(place: Place) {
    let mut store = city(&place).await;
    for n in 0..50 {
        tell(&store, &format!("m{n}"), nj(), Urgency::Immediate, moment(1)).await;
    }
    run::<Channel>(&store, "mail", ChannelCommand::Close, &actor("root", &org("js")), moment(1)).await.unwrap();
    store.expand_outbox(moment(1), 100).await.unwrap();
    let mut gone = Vec::new();
    for second in 0..150 {
        while let Some(outgoing) = take(&store, "w", later(moment(1), second)).await {
            finish(&store, &outgoing, "w", sent(), later(moment(1), second)).await;
            gone.push(second);
        }
        if second == 3 {
            store.close().await;
            store = place.open().await;
        }
    }
    let most = (0..150).map(|from| gone.iter().filter(|t| (from..from + 60).contains(*t)).count()).max().unwrap();
    assert!((19..=20).contains(&most), "{most} in a minute");
    assert!(gone.len() >= 38, "{gone:?}");
}

async fn too_fast_shuts_the_channel_and_does_not_count(place: Place) {
    let store = city(&place).await;
    for key in ["a", "b"] {
        tell(&store, key, nj(), Urgency::Immediate, moment(1)).await;
    }
    run::<Channel>(&store, "mail", ChannelCommand::Close, &actor("root", &org("js")), moment(1)).await.unwrap();
    store.expand_outbox(moment(1), 100).await.unwrap();
    let outgoing = take(&store, "w", moment(1)).await.unwrap();
    let verdict = Verdict::TooFast { said: "429".into(), wait: Some(300) };
    assert!(finish(&store, &outgoing, "w", verdict, moment(1)).await);
    assert!(take(&store, "w", later(moment(1), 299)).await.is_none(), "the whole channel is shut");
    assert!(!store.spend_token("robot", notify::ChannelKind::Wecom, later(moment(1), 299)).await.unwrap());
    let next = take(&store, "w", later(moment(1), 300)).await.unwrap();
    assert_eq!(next.attempts, 1);
}

async fn what_can_wait_goes_out_as_one_digest(place: Place) {
    let store = city(&place).await;
    let wanted = Preference { channels: BTreeSet::from([notify::ChannelKind::Email]), ..Preference::default() };
    store.set_notice_preference(&account("wang"), &wanted).await.unwrap();
    assert_eq!(store.notice_preference(&account("wang")).await.unwrap(), wanted);
    let now = moment(1);
    for n in 0..30 {
        tell(&store, &format!("m{n}"), Recipient::Account(account("wang")), Urgency::Digest, later(now, n)).await;
    }
    store.expand_outbox(now, 100).await.unwrap();
    assert_eq!(count(&store, WorkState::Pending).await, 1);
    let due = wanted.due(Urgency::Digest, now);
    assert!(take(&store, "w", later(now, 1)).await.is_none(), "it waits for its time");
    let digest = take(&store, "w", due).await.unwrap();
    assert_eq!(digest.parts.len(), 30);
    assert!(digest.parts.iter().enumerate().all(|(n, (_, values))| values["title"] == format!("m{n}")));
    assert!(take(&store, "v", due).await.is_none());
}

async fn what_comes_after_the_digest_has_gone_goes_in_another(place: Place) {
    let store = city(&place).await;
    let wang = || Recipient::Account(account("wang"));
    tell(&store, "a", wang(), Urgency::Digest, moment(1)).await;
    store.expand_outbox(moment(1), 10).await.unwrap();
    let due = Preference::default().due(Urgency::Digest, moment(1));
    let first = take(&store, "w", due).await.unwrap();
    // A clock of another machine that is behind makes the same digest's time again.
    tell(&store, "b", wang(), Urgency::Digest, moment(1)).await;
    store.expand_outbox(moment(1), 10).await.unwrap();
    finish(&store, &first, "w", sent(), due).await;
    let second = take(&store, "w", due).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!((first.parts.len(), second.parts.len()), (1, 1));
    assert_eq!(second.parts[0].1["title"], "b");
}

async fn a_notice_that_cannot_be_made_is_seen_and_can_be_made_again(place: Place) {
    let store = city(&place).await;
    let to = Recipient::Account(account("wang"));
    store.notify("k", &to, "matter-closed", &json!({"title": "x"}), Urgency::Immediate, moment(1)).await.unwrap();
    store.expand_outbox(moment(1), 10).await.unwrap();
    let dead = store.deliveries(&scope(Extent::All), Some(WorkState::Dead), 9, None).await.unwrap().items.remove(0);
    assert!(dead.last_error.unwrap().starts_with("N-102") && dead.channel.is_empty());
    let js = store.org_place(&org("js")).await.unwrap().unwrap().path;
    assert!(!store.retry_delivery(&scope(Extent::Subtree(js)), &dead.id, moment(2)).await.unwrap());
    place.execute(r#"UPDATE outbox SET content = '{"matter":"m","code":"c","title":"t"}'"#).await;
    assert!(store.retry_delivery(&scope(Extent::All), &dead.id, moment(2)).await.unwrap());
    assert_eq!(store.expand_outbox(moment(2), 10).await.unwrap(), 1);
    assert_eq!(store.count_notices(&account("wang")).await.unwrap(), (1, 1));
    assert_eq!(count(&store, WorkState::Dead).await, 0);
}

async fn a_closed_channel_buries_what_waits_and_keeps_no_secret(place: Place) {
    let store = city(&place).await;
    let secrets = Secrets::from([("key".to_string(), "k1".to_string())]);
    store.set_channel_secrets("robot", &secrets).await.unwrap();
    tell(&store, "a", nj(), Urgency::Immediate, moment(1)).await;
    store.expand_outbox(moment(1), 10).await.unwrap();
    run::<Channel>(&store, "robot", ChannelCommand::Close, &actor("root", &org("js")), moment(2)).await.unwrap();
    assert_eq!(store.bury_closed().await.unwrap(), 1);
    assert_eq!(store.bury_closed().await.unwrap(), 0);
    assert_eq!(store.channel_secrets("robot").await.unwrap(), secrets);
    assert_eq!(store.forget_channel_secrets("robot").await.unwrap(), 1);
    assert!(store.channel(&scope(Extent::All), "robot").await.unwrap().is_none());
    assert_eq!(count(&store, WorkState::Dead).await, 1);
}

async fn channels_and_deliveries_are_seen_within_the_scope(place: Place) {
    let store = city(&place).await;
    tell(&store, "a", nj(), Urgency::Immediate, moment(1)).await;
    store.expand_outbox(moment(1), 10).await.unwrap();
    for (extent, seen) in [
        (Extent::All, vec!["mail", "robot"]),
        (Extent::Organisation(org("nj")), vec!["robot"]),
        (Extent::Organisation(org("xz")), vec![]),
        (Extent::Own(account("wang")), vec![]),
    ] {
        let scope = scope(extent);
        let channels = store.channels(&scope).await.unwrap();
        assert_eq!(channels.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), seen);
        let mut deliveries: Vec<_> = store.deliveries(&scope, None, 9, None).await.unwrap().items;
        deliveries.sort_by(|a, b| a.channel.cmp(&b.channel));
        assert_eq!(deliveries.iter().map(|row| row.channel.as_str()).collect::<Vec<_>>(), seen);
        assert_eq!(store.count_deliveries(&scope, None).await.unwrap() as usize, seen.len());
        assert_eq!(store.channel(&scope, "robot").await.unwrap().is_some(), seen.contains(&"robot"));
    }
}

async fn many_workers_send_each_message_once(place: Place) {
    let store = city(&place).await;
    open_channel(&store, "hook", "xz", HOOK).await;
    for n in 0..40 {
        tell(&store, &format!("m{n}"), Recipient::Organisation(org("xz")), Urgency::Immediate, moment(1)).await;
    }
    let workers = (0..6).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let worker = format!("w{n}");
            let mut ids = Vec::new();
            for second in 0..20 {
                store.expand_outbox(moment(1), 10).await.unwrap();
                while let Some(outgoing) = take(&store, &worker, later(moment(1), second)).await {
                    assert!(finish(&store, &outgoing, &worker, sent(), later(moment(1), second)).await);
                    ids.push(outgoing.id);
                }
            }
            ids
        })
    });
    let mut ids = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        ids.extend(worker.await.unwrap());
    }
    let distinct: BTreeSet<_> = ids.iter().collect();
    assert_eq!((ids.len(), distinct.len()), (40, 40));
}
