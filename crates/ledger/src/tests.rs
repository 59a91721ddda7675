use crate::*;
use event::{Actor, Aggregate, Effect, Given, Outcome, Recipient, Urgency, given};
use org::{Account, Authority, Grant, GrantState, Item, Known, OrgKind, OrgPath, Place, Places, Secrecy};
use proptest::prelude::*;
use units::{BeijingDay, Instant, OrgId};

fn id(text: &str) -> OrgId {
    text.parse().unwrap()
}

fn path(text: &str) -> OrgPath {
    text.parse().unwrap()
}

fn day(text: &str) -> BeijingDay {
    text.parse().unwrap()
}

fn noon() -> Instant {
    "2026-03-10T12:00:00+08:00".parse().unwrap()
}

fn by(account: &str, organisation: &str) -> Actor {
    let (account, origin) = (account.parse().unwrap(), "web 127.0.0.1".to_string());
    Actor { account, organisation: id(organisation), on_behalf_of: None, origin }
}

fn timer() -> Actor {
    Actor { origin: "timer".into(), ..by("system", "js") }
}

fn places() -> Vec<Place> {
    let place = |text: &str, kind| {
        let path = path(text);
        let id = id(path.ids().next_back().unwrap());
        Place { id, kind, path, active: true, areas: Vec::new() }
    };
    vec![
        place("/js/", OrgKind::Department),
        place("/js/air/", OrgKind::Office),
        place("/js/nj/", OrgKind::CityBureau),
        place("/js/nj/desk/", OrgKind::Office),
        place("/js/xz/", OrgKind::CityBureau),
    ]
}

fn create(assigned: &[&str], due: Option<&str>) -> MatterCommand {
    MatterCommand::Create {
        id: "m1".parse().unwrap(),
        code: "RW-2026-0001".into(),
        kind: "task".into(),
        title: "核查夜间施工扬尘".into(),
        text: String::new(),
        owner: id("js"),
        assigned: assigned.iter().map(|text| id(text)).collect(),
        responsible: None,
        secrecy: Secrecy::Internal,
        due: due.map(day),
        places: places(),
        remind_on: None,
    }
}

fn standing(of: &str) -> Standing {
    let assigned = [("nj", "/js/nj/"), ("xz", "/js/xz/")].map(|(org, at)| (id(org), path(at)));
    Standing { by: Some(path(of)), owner: Some(path("/js/")), assigned: assigned.into() }
}

fn acknowledge(of: &str) -> MatterCommand {
    MatterCommand::Acknowledge { standing: standing(of) }
}

fn submit(of: &str) -> MatterCommand {
    MatterCommand::Submit { text: "已整改".into(), standing: standing(of) }
}

fn approve(of: &str) -> MatterCommand {
    MatterCommand::Approve { text: String::new(), standing: standing(of) }
}

/// The matter after commands by the air division and Nanjing; a refusal ends the test.
fn after(commands: Vec<(MatterCommand, Actor)>) -> Given<Matter> {
    let mut events = Vec::new();
    for (command, by) in commands {
        events.extend(given::<Matter>(events.clone()).when(command, &by, noon()).accepted().events);
    }
    given::<Matter>(events)
}

fn assigned_to_nanjing() -> Vec<(MatterCommand, Actor)> {
    vec![(create(&["nj"], Some("2026-03-20")), by("air", "air"))]
}

fn submitted() -> Vec<(MatterCommand, Actor)> {
    let mut history = assigned_to_nanjing();
    history.push((acknowledge("/js/nj/"), by("nanjing", "nj")));
    history.push((submit("/js/nj/"), by("nanjing", "nj")));
    history
}

fn told(outcome: &Outcome<Matter>) -> Vec<(String, Recipient, Urgency)> {
    let notices = outcome.effects.iter().filter_map(|effect| match effect {
        Effect::Notify { template, to, urgency, .. } => Some((template.clone(), to.clone(), *urgency)),
        _ => None,
    });
    notices.collect()
}

fn timers(outcome: &Outcome<Matter>) -> Vec<(String, Option<String>)> {
    let timers = outcome.effects.iter().filter_map(|effect| match effect {
        Effect::SetTimer { key, due, .. } => Some((key.clone(), Some(due.to_string()))),
        Effect::CancelTimer { key } => Some((key.clone(), None)),
        _ => None,
    });
    timers.collect()
}

#[test]
fn a_matter_goes_from_open_to_closed_by_two_houses() {
    let done = after(submitted()).when(approve("/js/air/"), &by("air", "air"), noon()).accepted();
    assert_eq!(done.state.state, MatterState::Closed);
    assert_eq!(told(&done), [("matter-closed".into(), Recipient::Organisation(id("nj")), Urgency::Digest)]);
}

#[test]
fn those_it_is_assigned_to_are_told_at_once_and_timers_are_set() {
    let done = given::<Matter>([]).when(create(&["nj"], Some("2026-03-20")), &by("air", "air"), noon()).accepted();
    assert_eq!(told(&done), [("matter-assigned".into(), Recipient::Organisation(id("nj")), Urgency::Immediate)]);
    let expected = [
        ("matter:m1:remind".to_string(), Some("2026-03-19T09:00:00+08:00".to_string())),
        ("matter:m1:due".to_string(), Some("2026-03-21T00:00:00+08:00".to_string())),
    ];
    assert_eq!(timers(&done), expected);
}

#[test]
fn the_reminder_comes_on_the_workday_before_and_never_when_that_has_passed() {
    let mut command = create(&["nj"], Some("2026-03-16"));
    if let MatterCommand::Create { remind_on, .. } = &mut command {
        *remind_on = Some(day("2026-03-13"));
    }
    let done = given::<Matter>([]).when(command, &by("air", "air"), noon()).accepted();
    assert_eq!(timers(&done)[0].1.as_deref(), Some("2026-03-13T09:00:00+08:00"));
    let today = given::<Matter>([]).when(create(&["nj"], Some("2026-03-10")), &by("air", "air"), noon()).accepted();
    assert_eq!(timers(&today)[0], ("matter:m1:remind".to_string(), None));
}

#[test]
fn each_event_tells_with_keys_of_its_own() {
    let comment = || MatterCommand::Comment { text: "请补充".into() };
    let mut history = assigned_to_nanjing();
    let first = after(history.clone()).when(comment(), &by("air", "air"), noon()).accepted();
    history.push((comment(), by("air", "air")));
    let second = after(history).when(comment(), &by("air", "air"), noon()).accepted();
    let keys = |outcome: &Outcome<Matter>| -> Vec<String> {
        let key = |effect: &Effect| match effect {
            Effect::Notify { key, .. } => Some(key.clone()),
            _ => None,
        };
        outcome.effects.iter().filter_map(key).collect()
    };
    let mut all = [keys(&first), keys(&second)].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 4);
}

#[test]
fn only_those_it_is_assigned_to_acknowledge_and_submit_also_from_an_office_below() {
    after(assigned_to_nanjing()).when(acknowledge("/js/xz/"), &by("xuzhou", "xz"), noon()).refused("L-202");
    after(assigned_to_nanjing()).when(acknowledge("/js/air/"), &by("air", "air"), noon()).refused("L-202");
    let desk = after(assigned_to_nanjing()).when(acknowledge("/js/nj/desk/"), &by("desk", "desk"), noon());
    desk.then([MatterEvent::Acknowledged { organisation: id("nj") }]);
    let for_nanjing = Actor { on_behalf_of: Some(id("nj")), ..by("deputy", "air") };
    after(assigned_to_nanjing()).when(acknowledge("/js/nj/"), &for_nanjing, noon()).accepted();
    after(assigned_to_nanjing()).when(submit("/js/nj/"), &by("nanjing", "nj"), noon()).refused("L-204");
}

#[test]
fn it_is_acknowledged_when_all_have_and_only_once_by_each() {
    let mut history = vec![(create(&["nj", "xz", "nj"], None), by("air", "air"))];
    history.push((acknowledge("/js/nj/"), by("nanjing", "nj")));
    let one = after(history.clone()).when(acknowledge("/js/xz/"), &by("xuzhou", "xz"), noon()).accepted();
    assert_eq!(one.state.state, MatterState::Acknowledged);
    after(history).when(acknowledge("/js/nj/"), &by("nanjing", "nj"), noon()).refused("L-203");
}

#[test]
fn who_submitted_does_not_approve_and_nobody_from_the_house_that_did_it() {
    let refused = |account: &str, of: &str| {
        let refusal = after(submitted()).when(approve(of), &by(account, "air"), noon()).refused("L-205");
        refusal.to_string()
    };
    assert!(refused("nanjing", "/js/air/").contains("G-405"));
    assert!(refused("colleague", "/js/nj/").contains("G-410") && refused("desk", "/js/nj/desk/").contains("G-410"));
    let unknown = MatterCommand::Approve { text: String::new(), standing: Standing::default() };
    after(submitted()).when(unknown, &by("air", "air"), noon()).refused("L-207");
}

#[test]
fn within_one_house_another_person_is_enough() {
    let inside = Standing { owner: Some(path("/js/nj/desk/")), ..standing("/js/nj/") };
    let approve = MatterCommand::Approve { text: String::new(), standing: inside };
    after(submitted()).when(approve.clone(), &by("colleague", "nj"), noon()).accepted();
    after(submitted()).when(approve, &by("nanjing", "nj"), noon()).refused("L-205");
}

#[test]
fn what_is_returned_is_done_again() {
    let back = MatterCommand::Return { text: "缺少照片".into(), standing: standing("/js/air/") };
    let done = after(submitted()).when(back, &by("air", "air"), noon()).accepted();
    assert_eq!((done.state.state, done.state.returns), (MatterState::Acknowledged, 1));
    assert_eq!(timers(&done).len(), 2, "the limits run again");
}

#[test]
fn what_is_over_stays_over() {
    let mut history = assigned_to_nanjing();
    history.push((MatterCommand::Cancel { text: "重复".into() }, by("air", "air")));
    for command in [acknowledge("/js/nj/"), submit("/js/nj/"), approve("/js/air/")] {
        after(history.clone()).when(command, &by("nanjing", "nj"), noon()).refused("L-201");
    }
    let late = MatterCommand::MarkOverdue { due: day("2026-03-20") };
    after(history).when(late, &timer(), noon()).then([]);
}

#[test]
fn timers_speak_once_and_only_for_the_day_they_were_set_for() {
    let overdue = |due| MatterCommand::MarkOverdue { due: day(due) };
    after(assigned_to_nanjing()).when(overdue("2026-03-20"), &by("air", "air"), noon()).refused("L-208");
    after(assigned_to_nanjing()).when(overdue("2026-03-19"), &timer(), noon()).then([]);
    let mut history = assigned_to_nanjing();
    let first = after(history.clone()).when(overdue("2026-03-20"), &timer(), noon()).accepted();
    assert!(first.state.overdue && told(&first).iter().all(|(template, ..)| template == "matter-overdue"));
    history.push((overdue("2026-03-20"), timer()));
    after(history).when(overdue("2026-03-20"), &timer(), noon()).then([]);
}

#[test]
fn a_timer_names_its_matter_and_day() {
    let done = given::<Matter>([]).when(create(&["nj"], Some("2026-03-20")), &by("air", "air"), noon()).accepted();
    let mut found = Vec::new();
    for effect in &done.effects {
        if let Effect::SetTimer { action, payload, .. } = effect {
            found.push(timer_command(action, payload).unwrap().1);
        }
    }
    let due = day("2026-03-20");
    assert_eq!(found, [MatterCommand::Remind { due }, MatterCommand::MarkOverdue { due }]);
    assert_eq!(timer_command(REMIND, &serde_json::json!({"matter": "../x", "due": "2026-03-20"})), None);
    assert_eq!(timer_command("other", &serde_json::json!({"matter": "m1", "due": "2026-03-20"})), None);
}

#[test]
fn a_matter_that_names_what_is_not_there_is_not_created() {
    let change = |edit: fn(&mut MatterCommand)| {
        let mut command = create(&["nj"], Some("2026-03-20"));
        edit(&mut command);
        given::<Matter>([]).when(command, &by("air", "air"), noon())
    };
    change(|c| {
        if let MatterCommand::Create { kind, .. } = c {
            *kind = "thing".into()
        }
    })
    .refused("L-103");
    change(|c| {
        if let MatterCommand::Create { title, .. } = c {
            *title = "a\nb".into()
        }
    })
    .refused("L-104");
    change(|c| {
        if let MatterCommand::Create { owner, .. } = c {
            *owner = id("gone")
        }
    })
    .refused("L-105");
    change(|c| {
        if let MatterCommand::Create { assigned, .. } = c {
            *assigned = vec![id("gone")]
        }
    })
    .refused("L-105");
    change(|c| {
        if let MatterCommand::Create { assigned, .. } = c {
            *assigned = vec![id("js")]
        }
    })
    .refused("L-105");
    change(|c| {
        if let MatterCommand::Create { due, .. } = c {
            *due = Some(day("2026-03-09"))
        }
    })
    .refused("L-106");
    change(|c| {
        if let MatterCommand::Create { due, .. } = c {
            *due = Some(day("2026-03-10"))
        }
    })
    .accepted();
    after(assigned_to_nanjing()).when(create(&[], None), &by("air", "air"), noon()).refused("L-102");
    given::<Matter>([]).when(acknowledge("/js/nj/"), &by("nanjing", "nj"), noon()).refused("L-101");
}

#[test]
fn evidence_is_added_and_never_replaced() {
    let attach = |digest: &str| MatterCommand::AttachEvidence { digest: digest.into(), name: "照片.jpg".into() };
    let mut history = assigned_to_nanjing();
    history.push((attach("aa"), by("nanjing", "nj")));
    let two = after(history.clone()).when(attach("bb"), &by("nanjing", "nj"), noon()).accepted();
    assert_eq!(two.state.attachments, ["aa", "bb"]);
    after(history).when(attach("aa"), &by("nanjing", "nj"), noon()).refused("L-210");
}

#[test]
fn another_assignment_tells_the_new_ones_and_waits_for_them() {
    let assign = |to: &[&str]| MatterCommand::Assign {
        assigned: to.iter().map(|text| id(text)).collect(),
        responsible: None,
        places: places(),
    };
    let mut history = assigned_to_nanjing();
    history.push((acknowledge("/js/nj/"), by("nanjing", "nj")));
    let more = after(history.clone()).when(assign(&["nj", "xz"]), &by("air", "air"), noon()).accepted();
    assert_eq!(more.state.state, MatterState::Open);
    assert_eq!(
        told(&more).iter().map(|(_, to, _)| to.clone()).collect::<Vec<_>>(),
        [Recipient::Organisation(id("xz"))]
    );
    after(history).when(assign(&["nj"]), &by("air", "air"), noon()).then([]);
}

fn authority(account: &str, organisation: &str, role: &str, of: &str) -> Authority {
    let account =
        Account { id: account.parse().unwrap(), organisation: id(organisation), active: true, ..Account::default() };
    let grant = Grant {
        id: "g".into(),
        account: account.id.clone(),
        role: role.into(),
        organisation: id(of),
        state: GrantState::Approved,
        ..Grant::default()
    };
    let (places, grants): (Places, _) = (places().into_iter().collect(), [grant]);
    let known =
        Known { account: &account, acting: None, grants: &grants, delegations: &[], lenders: &[], places: &places };
    Authority::of(&known, noon())
}

/// The steps offered to an account of an organisation on the matter of the department that Nanjing submitted or not.
fn offered(history: Vec<(MatterCommand, Actor)>, authority: &Authority, of: &str) -> Vec<&'static str> {
    let state =
        after(history).when(MatterCommand::Comment { text: "-".into() }, &by("air", "air"), noon()).accepted().state;
    let owner_path = path("/js/");
    let item = Item {
        owner_path: &owner_path,
        owner: &state.owner,
        assigned: &state.assigned,
        account: Some(state.account()),
        kind: &state.kind,
        secrecy: state.secrecy,
    };
    let actions = actions(&state, authority, &item, &standing(of));
    assert!(
        actions
            .iter()
            .all(|action| action.allowed == action.why.is_empty() && action.why.is_empty() == action.why_en.is_empty())
    );
    actions.into_iter().filter(|action| action.allowed).map(|action| action.id).collect()
}

#[test]
fn being_assigned_gives_no_step_of_the_owner() {
    let nanjing = authority("nanjing", "nj", "city-bureau", "nj");
    assert_eq!(offered(assigned_to_nanjing(), &nanjing, "/js/nj/"), ["acknowledge", "comment", "evidence"]);
    assert_eq!(offered(submitted(), &nanjing, "/js/nj/"), ["comment", "evidence"]);
    let xuzhou = authority("xuzhou", "xz", "city-bureau", "xz");
    assert!(offered(submitted(), &xuzhou, "/js/xz/").is_empty());
}

#[test]
fn the_owner_decides_when_it_was_submitted() {
    let air = authority("air", "air", "air-division", "js");
    let offered = offered(submitted(), &air, "/js/air/");
    assert_eq!(offered, ["approve", "return", "assign", "reschedule", "rename", "comment", "evidence", "cancel"]);
}

#[test]
fn a_city_creates_for_itself_and_not_for_the_department() {
    let nanjing = authority("nanjing", "nj", "city-bureau", "nj");
    let new = |at: &str| {
        let (owner_path, owner) = (path(at), id(path(at).ids().next_back().unwrap()));
        let assigned = [id("nj")];
        let item = Item {
            owner_path: &owner_path,
            owner: &owner,
            assigned: &assigned,
            account: Some(nanjing.account()),
            kind: "task",
            secrecy: Secrecy::Internal,
        };
        permit_new(&nanjing, &item)
    };
    assert!(new("/js/nj/").is_ok() && new("/js/nj/desk/").is_ok());
    assert!(new("/js/").unwrap_err().to_string().starts_with("L-206") && new("/js/xz/").is_err());
}

fn any_event() -> impl Strategy<Value = MatterEvent> {
    let created =
        given::<Matter>([]).when(create(&["nj"], None), &by("air", "air"), noon()).accepted().events.remove(0);
    let orgs = proptest::collection::vec("[a-c]", 0..3).prop_map(|ids| ids.iter().map(|text| id(text)).collect());
    let person = || "a".parse().unwrap();
    prop_oneof![
        Just(created),
        Strategy::prop_map(orgs, |assigned| MatterEvent::Assigned { assigned, responsible: None }),
        "[a-c]".prop_map(|text| MatterEvent::Acknowledged { organisation: id(&text) }),
        Just(MatterEvent::Submitted { text: "t".into(), by: person(), organisation: id("a") }),
        Just(MatterEvent::Approved { text: "t".into(), by: person() }),
        Just(MatterEvent::Returned { text: "t".into(), by: person() }),
        Just(MatterEvent::Cancelled { text: "t".into() }),
        Just(MatterEvent::Rescheduled { due: Some(day("2026-03-20")) }),
        Just(MatterEvent::BecameOverdue { due: day("2026-03-20") }),
        Just(MatterEvent::EvidenceAttached { digest: "d".into(), name: "n".into() }),
    ]
}

proptest! {
    #[test]
    fn events_apply_in_any_order_and_survive_their_json(events in proptest::collection::vec(any_event(), 0..20)) {
        let direct = events.iter().fold(Matter::default(), Matter::apply);
        let through = events.iter().map(|event| {
            serde_json::from_value::<MatterEvent>(serde_json::to_value(event).unwrap()).unwrap()
        });
        let stored = through.fold(Matter::default(), |state, event| Matter::apply(state, &event));
        prop_assert_eq!(stored, direct);
    }
}
