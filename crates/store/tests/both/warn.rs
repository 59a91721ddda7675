//! Warnings as they are stored: lists by scope and by whose turn it is, documents, deliveries, plans of the house.

use crate::harness::Place;
use crate::world::{account, actor, found, moment, org, run, scope};
use ::warn::*;
use event::Actor;
use org::{Extent, OrgKind, Organisation, OrganisationCommand, Scope};
use store::{Store, StoreError, WaitingFor, WarningFilter};
use units::{Instant, RegionCode, Share, WarningId, WarningLevel};

both![
    warnings_are_listed_newest_first_page_by_page,
    a_bureau_sees_a_warning_once_it_was_told,
    a_list_of_what_waits_leaves_out_what_one_has_assessed,
    a_proposal_given_up_still_says_what_it_was,
    warnings_follow_their_house_through_the_tree,
    deliveries_keep_their_first_receipt,
    rebuilt_warnings_are_the_live_ones,
];

const XUZHOU: &str = "320300";
const NANJING: &str = "320100";

fn all() -> Scope {
    scope(Extent::All)
}

fn city(code: &str) -> RegionCode {
    code.parse().unwrap()
}

fn id(text: &str) -> WarningId {
    text.parse().unwrap()
}

fn by(who: &str) -> Actor {
    actor(who, &org("js"))
}

/// The hour before the moments of these tests.
fn basis() -> Basis {
    let one = |code: &str| CityBasis {
        city: city(code),
        name: code.into(),
        name_en: code.into(),
        level: Some(WarningLevel::Orange),
        start: None,
        end: None,
        rule: String::new(),
        rule_en: String::new(),
        yellow: Share::new(0.9).unwrap(),
        orange: Share::new(0.8).unwrap(),
        red: Share::new(0.0).unwrap(),
        late: code == NANJING,
        again: Some(Share::new(0.1).unwrap()),
        course: Vec::new(),
    };
    let issue = moment(0).last_ended_hour() - 1;
    let digest = String::from("sha256:00");
    Basis {
        run: RunBasis { id: "r".into(), digest, issue, members: 50, model: "m".into() },
        plan: PlanBasis::of(&Plan::bundled("jiangsu-2025").unwrap()),
        data_time: Some(issue),
        standard: "HJ 633-2012".into(),
        demonstration: false,
        cities: vec![one(XUZHOU), one(NANJING)],
    }
}

fn later(hours: i64) -> Instant {
    (moment(0).last_ended_hour() + hours).end()
}

fn terms(cities: &[&str]) -> Terms {
    let cities = cities.iter().map(|code| city(code)).collect();
    Terms { level: WarningLevel::Orange, cause: Cause::Pm25, cities, start: later(72), end: later(120) }
}

fn looked_up(told: &[&str]) -> Found {
    Found { basis: Some(Box::new(basis())), told: told.iter().map(|one| org(one)).collect(), ..Found::default() }
}

async fn province(place: &Place) -> Store {
    let store = place.open().await;
    found(&store, "js", OrgKind::Department, None).await;
    found(&store, "js-air", OrgKind::Affiliated, Some("js")).await;
    found(&store, "xz", OrgKind::CityBureau, Some("js")).await;
    store
}

/// Exercises, because the demonstration's moments lie before any plan; a real one is not needed for what is stored.
async fn propose(store: &Store, name: &str, cities: &[&str], minute: usize) {
    let with = Proposing { id: id(name), code: format!("YJ-{name}"), owner: org("js-air"), exercise: true };
    let (reason, prompt, found) = ("演练".to_string(), None, looked_up(&[]));
    let command = WarningCommand::Propose { with, terms: terms(cities), reason, prompt, found };
    act(store, name, command, "duty", minute).await;
}

async fn act(store: &Store, name: &str, command: WarningCommand, who: &str, minute: usize) {
    run::<Warning>(store, name, command, &by(who), moment(minute)).await.unwrap();
}

async fn assess(store: &Store, name: &str, minute: usize) {
    let (state, _) = store.load::<Warning>(name).await.unwrap().unwrap();
    let command = WarningCommand::Assess { draft: state.drafts, opinion: "同意".into(), found: Found::default() };
    act(store, name, command, "air", minute).await;
}

async fn sign_and_issue(store: &Store, name: &str, document: &str, minute: usize) {
    let (state, _) = store.load::<Warning>(name).await.unwrap().unwrap();
    let digest = state.draft.unwrap().digest().unwrap();
    let command = WarningCommand::Sign { digest, opinion: String::new(), found: Found::default() };
    act(store, name, command, "leader", minute).await;
    let command = WarningCommand::Issue { document: document.into(), found: looked_up(&["xz"]) };
    act(store, name, command, "duty", minute + 1).await;
}

async fn listed(store: &Store, scope: &Scope, filter: &WarningFilter) -> Vec<String> {
    let rows = store.warnings(scope, filter, 50, None).await.unwrap().items;
    assert_eq!(store.count_warnings(scope, filter).await.unwrap(), rows.len() as u64);
    rows.into_iter().map(|row| row.id.to_string()).collect()
}

async fn warnings_are_listed_newest_first_page_by_page(place: Place) {
    let store = province(&place).await;
    for (minute, name) in ["w1", "w2", "w3"].into_iter().enumerate() {
        propose(&store, name, if name == "w2" { &[NANJING] } else { &[XUZHOU] }, minute / 2).await;
    }
    let none = WarningFilter::default();
    assert_eq!(listed(&store, &all(), &none).await, ["w3", "w2", "w1"]);
    let first = store.warnings(&all(), &none, 2, None).await.unwrap();
    let rest = store.warnings(&all(), &none, 2, first.next.as_deref()).await.unwrap();
    assert_eq!((first.items.len(), rest.items[0].id.as_str(), rest.next), (2, "w1", None));
    let with = |change: fn(&mut WarningFilter)| {
        let mut filter = WarningFilter::default();
        change(&mut filter);
        filter
    };
    assert_eq!(listed(&store, &all(), &with(|f| f.city = Some(city(NANJING)))).await, ["w2"]);
    assert!(listed(&store, &all(), &with(|f| f.states = vec!["in_force".into()])).await.is_empty());
    assert_eq!(listed(&store, &all(), &with(|f| f.exercise = Some(true))).await.len(), 3);
    assert!(listed(&store, &all(), &with(|f| f.exercise = Some(false))).await.is_empty());
    assert!(store.warning(&all(), "w2").await.unwrap().unwrap().late, "Nanjing was heavy already");
    for mark in ["", "x", "1~", "1~a b", "'; DROP TABLE warning;--~w1"] {
        let refused = store.warnings(&all(), &none, 2, Some(mark)).await;
        assert!(matches!(refused, Err(StoreError::BadMark { .. })), "{mark:?}");
    }
}

async fn a_bureau_sees_a_warning_once_it_was_told(place: Place) {
    let store = province(&place).await;
    let bureau = scope(Extent::Assigned(org("xz")));
    let with = Proposing { id: id("w1"), code: "YJ-w1".into(), owner: org("js-air"), exercise: false };
    // The plan of these tests is not in force at their moments: the frozen days are moved.
    let mut found = looked_up(&[]);
    found.basis.as_mut().unwrap().plan.effective_from = moment(0).last_ended_hour().day();
    found.basis.as_mut().unwrap().plan.effective_until = None;
    let (reason, prompt) = ("x".to_string(), None);
    let command = WarningCommand::Propose { with, terms: terms(&[XUZHOU]), reason, prompt, found };
    act(&store, "w1", command, "duty", 0).await;
    assess(&store, "w1", 1).await;
    assert!(store.warning(&bureau, "w1").await.unwrap().is_none(), "not before it is issued");
    sign_and_issue(&store, "w1", "1号", 2).await;
    let row = store.warning(&bureau, "w1").await.unwrap().unwrap();
    assert_eq!((row.state.as_str(), row.document.as_str(), row.gate.as_str()), ("in_force", "1号", ""));
    assert_eq!(store.warning_told(&id("w1")).await.unwrap(), [org("xz")]);
    assert!(store.warning_document_used("1号").await.unwrap() && !store.warning_document_used("2号").await.unwrap());
    let other = scope(Extent::Assigned(org("nj")));
    assert!(store.warning(&other, "w1").await.unwrap().is_none());
    let since = |minute| WarningFilter { issued_since: Some(moment(minute)), ..WarningFilter::default() };
    assert_eq!(listed(&store, &all(), &since(3)).await, ["w1"]);
    assert!(listed(&store, &all(), &since(4)).await.is_empty());
}

async fn a_list_of_what_waits_leaves_out_what_one_has_assessed(place: Place) {
    let store = province(&place).await;
    let waits = async |who: &str, assesses: &Scope, signs: &Scope| {
        let waiting = WaitingFor { account: account(who), assesses: assesses.clone(), signs: signs.clone() };
        listed(&store, &all(), &WarningFilter { waiting: Some(waiting), ..WarningFilter::default() }).await.len()
    };
    let nothing = Scope::default();
    propose(&store, "w1", &[XUZHOU], 0).await;
    assert_eq!((waits("air", &all(), &nothing).await, waits("leader", &nothing, &all()).await), (1, 0));
    assess(&store, "w1", 1).await;
    assert_eq!((waits("air", &all(), &all()).await, waits("leader", &nothing, &all()).await), (0, 1));
    sign_and_issue(&store, "w1", "演练1号", 2).await;
    assert_eq!((waits("air", &all(), &all()).await, waits("leader", &all(), &all()).await), (0, 0));
}

async fn a_proposal_given_up_still_says_what_it_was(place: Place) {
    let store = province(&place).await;
    propose(&store, "w1", &[XUZHOU, NANJING], 0).await;
    act(&store, "w1", WarningCommand::Drop { text: "不启动".into() }, "leader", 1).await;
    let row = store.warning(&all(), "w1").await.unwrap().unwrap();
    assert_eq!((row.state.as_str(), row.terms.cities.len(), row.change.as_str()), ("dropped", 2, ""));
}

async fn warnings_follow_their_house_through_the_tree(place: Place) {
    let store = province(&place).await;
    propose(&store, "w1", &[XUZHOU], 0).await;
    let under = async |id: &str| {
        let path = store.org_place(&org(id)).await.unwrap().unwrap().path;
        listed(&store, &scope(Extent::Subtree(path)), &WarningFilter::default()).await
    };
    assert!(under("xz").await.is_empty());
    let command = OrganisationCommand::Move { parent: org("xz"), under: store.org_place(&org("xz")).await.unwrap() };
    run::<Organisation>(&store, "js-air", command, &by("admin"), moment(1)).await.unwrap();
    assert_eq!(under("xz").await, ["w1"]);
}

fn sent(recipient: &str) -> Delivery {
    let (document, channel, recipient) = ("1号".to_string(), "notice".to_string(), recipient.to_string());
    Delivery { document, channel, recipient, sent: moment(3), receipt: None }
}

async fn deliver(store: &Store) {
    let program = Actor { origin: "job".into(), ..by("system") };
    let command = DeliveryCommand::Send { warning: id("w1"), lines: vec![sent("xz"), sent("nj")] };
    run::<Deliveries>(store, "w1", command, &program, moment(3)).await.unwrap();
    for minute in [5, 9] {
        let command = DeliveryCommand::Receive {
            warning: id("w1"),
            document: "1号".into(),
            channel: "notice".into(),
            recipient: "xz".into(),
            issued: vec!["1号".into()],
        };
        run::<Deliveries>(store, "w1", command, &by("xz"), moment(minute)).await.unwrap();
    }
}

async fn deliveries_keep_their_first_receipt(place: Place) {
    let store = province(&place).await;
    deliver(&store).await;
    let lines = store.warning_deliveries(&id("w1")).await.unwrap();
    let receipts: Vec<_> = lines.iter().map(|line| (line.recipient.as_str(), line.receipt)).collect();
    assert_eq!(receipts, [("nj", None), ("xz", Some(moment(5)))]);
    assert_eq!(store.notice_first_read("warning:w1:4:organisation:xz").await.unwrap(), None);
}

async fn rebuilt_warnings_are_the_live_ones(place: Place) {
    let store = province(&place).await;
    propose(&store, "w1", &[XUZHOU], 0).await;
    assess(&store, "w1", 1).await;
    sign_and_issue(&store, "w1", "演练1号", 2).await;
    let (change, reason, prompt) = (Change::Extend, "延长".to_string(), None);
    let more = terms(&[XUZHOU, NANJING]);
    let command = WarningCommand::Draft { change, terms: more, reason, prompt, found: looked_up(&[]) };
    act(&store, "w1", command, "duty", 4).await;
    propose(&store, "w2", &[NANJING], 5).await;
    act(&store, "w2", WarningCommand::Drop { text: "不启动".into() }, "leader", 6).await;
    deliver(&store).await;
    let text = Plan::bundled_text("jiangsu-2025").unwrap().replace("\"jiangsu-2025\"", "\"jiangsu-2027\"");
    run::<PlanRecord>(&store, "jiangsu-2027", PlanCommand::Draft { text }, &by("air"), moment(7)).await.unwrap();
    let records = store.plan_records().await.unwrap();
    assert_eq!((records.len(), records[0].0.id.as_str(), records[0].1), (1, "jiangsu-2027", 1));

    let live = store.dump(&store::kinds()).await.unwrap();
    for table in ["warning", "warning_city", "warning_issued", "warning_delivery"] {
        assert!(live.iter().any(|line| line.starts_with(&format!("{table}: "))), "{table}");
    }
    assert_eq!(store.check_rebuild().await.unwrap().difference, None);
    place.execute("DELETE FROM warning_city").await;
    place.execute("UPDATE warning SET state = 'lifted'").await;
    assert!(store.check_rebuild().await.unwrap().difference.is_some());
    store.rebuild().await.unwrap();
    assert_eq!(store.dump(&store::kinds()).await.unwrap(), live);
}
