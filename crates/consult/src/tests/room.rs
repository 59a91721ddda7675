use super::*;
use event::{Effect, Recipient, given};

fn conclude(days: Vec<DayCall>, bids: Vec<Weighted>) -> RoomCommand {
    RoomCommand::Conclude { days, text: "静稳".into(), bids, hidden: false, signers: vec![account("duty")] }
}

fn sign() -> RoomCommand {
    RoomCommand::Sign { told: vec!["320100".parse().unwrap()] }
}

fn correct(days: Vec<DayCall>, reason: &str) -> RoomCommand {
    let (reason, text) = (reason.into(), "静稳".into());
    RoomCommand::Correct { days, text, reason, signers: vec![account("duty")] }
}

/// The history of a room after these commands, each by somebody.
fn history(kind: RoomKind, commands: &[(&str, RoomCommand)]) -> Vec<RoomEvent> {
    let mut events = vec![opened(kind)];
    for (who, command) in commands {
        events.extend(given::<Room>(events.clone()).when(command.clone(), &by(who), at("10:00")).accepted().events);
    }
    events
}

fn concluded() -> Vec<RoomEvent> {
    history(RoomKind::Daily, &[("chair", conclude(three_days(85, 115), Vec::new()))])
}

fn signed() -> Vec<RoomEvent> {
    let first = conclude(three_days(85, 115), Vec::new());
    history(RoomKind::Daily, &[("chair", first), ("duty", sign())])
}

fn notified(effects: &[Effect], wanted: &str) -> Vec<String> {
    let to = effects.iter().filter_map(|effect| match effect {
        Effect::Notify { to: Recipient::Account(id), template, .. } if template == wanted => Some(id.to_string()),
        Effect::Notify { to: Recipient::Organisation(id), template, .. } if template == wanted => Some(id.to_string()),
        _ => None,
    });
    to.collect()
}

#[test]
fn opening_invites_everybody_once_and_sets_the_reminder() {
    let outcome = given::<Room>([]).when(open(opening(RoomKind::Daily)), &by("chair"), at("09:00")).accepted();
    assert_eq!(notified(&outcome.effects, "consult-invited"), ["a", "b", "c", "chair"]);
    let timer = |effect: &Effect| matches!(effect, Effect::SetTimer { due, .. } if *due == at("10:00"));
    assert!(outcome.effects.iter().any(timer));
    let late = Opening { remind_at: at("08:00"), ..opening(RoomKind::Daily) };
    let outcome = given::<Room>([]).when(open(late), &by("chair"), at("09:00")).accepted();
    assert!(!outcome.effects.iter().any(|effect| matches!(effect, Effect::SetTimer { .. })));
}

#[test]
fn a_room_is_opened_once_with_cities_and_time_for_bids() {
    let new = |opening| given::<Room>([]).when(open(opening), &by("chair"), at("09:00"));
    let mut none = opening(RoomKind::Daily);
    none.material.cities.clear();
    new(none).refused("C-113");
    let mut twice = opening(RoomKind::Daily);
    twice.material.cities.push(twice.material.cities[0].clone());
    new(twice).refused("C-108");
    for until in ["09:00", "08:59"] {
        new(Opening { bids_until: at(until), ..opening(RoomKind::Daily) }).refused("C-112");
    }
    let until = "2018-01-21T09:01:00+08:00".parse().unwrap();
    new(Opening { bids_until: until, ..opening(RoomKind::Daily) }).refused("C-112");
    let crowd = (0..61).map(|n| account(&format!("a{n}"))).collect();
    new(Opening { invited: crowd, ..opening(RoomKind::Daily) }).refused("C-111");
    new(Opening { code: "a\nb".into(), ..opening(RoomKind::Daily) }).refused("C-103");
    let again = given::<Room>([opened(RoomKind::Daily)]);
    again.when(open(opening(RoomKind::Daily)), &by("chair"), at("09:00")).refused("C-102");
    given::<Room>([]).when(sign(), &by("duty"), at("09:00")).refused("C-101");
}

#[test]
fn the_median_of_the_bids_is_concluded_and_the_reason_asked_where_it_is_not() {
    let bids = vec![
        weighted("a", 1.0, three_days(60, 90)),
        weighted("b", 1.0, three_days(80, 110)),
        weighted("c", 1.0, three_days(120, 150)),
    ];
    let room = || given::<Room>([opened(RoomKind::Daily)]);
    let outcome = room().when(conclude(three_days(80, 110), bids.clone()), &by("chair"), at("10:00")).accepted();
    let pending = outcome.state.pending.unwrap();
    assert_eq!((pending.number, pending.considered.len(), outcome.state.state), (1, 3, RoomState::Concluded));
    assert!(pending.days.iter().all(|day| !day.departs() && day.prefilled.as_ref().unwrap().bids == 3));
    assert_eq!(notified(&outcome.effects, "consult-concluded"), ["duty"]);

    let mut days = three_days(80, 110);
    days[4].hi = aqi(111);
    let refused = room().when(conclude(days.clone(), bids.clone()), &by("chair"), at("10:00")).refused("C-204");
    assert!(refused.to_string().contains("320300 day 2"), "{refused}");
    days[4].reason = "传输".into();
    let outcome = room().when(conclude(days, bids), &by("chair"), at("10:00")).accepted();
    assert_eq!(outcome.state.pending.unwrap().days.iter().filter(|day| day.departs()).count(), 1);
}

#[test]
fn a_conclusion_covers_three_days_of_every_city() {
    let room = || given::<Room>([opened(RoomKind::Daily)]);
    let mut days = three_days(85, 115);
    days.remove(5);
    let refused = room().when(conclude(days, Vec::new()), &by("chair"), at("10:00")).refused("C-205");
    assert!(refused.to_string().contains("320300 day 3"), "{refused}");
    room().when(conclude(Vec::new(), Vec::new()), &by("chair"), at("10:00")).refused("C-109");
}

#[test]
fn nobody_concludes_over_bids_that_are_hidden_from_them() {
    let hidden = RoomCommand::Conclude {
        days: three_days(85, 115),
        text: String::new(),
        bids: Vec::new(),
        hidden: true,
        signers: Vec::new(),
    };
    given::<Room>([opened(RoomKind::Daily)]).when(hidden, &by("chair"), at("10:00")).refused("C-206");
}

#[test]
fn who_wrote_the_conclusion_does_not_sign_it() {
    given::<Room>(concluded()).when(sign(), &by("chair"), at("10:10")).refused("C-202 G-405");
    let for_another = Actor { on_behalf_of: Some("js".parse().unwrap()), ..by("chair") };
    given::<Room>(concluded()).when(sign(), &for_another, at("10:10")).refused("C-202");
    let outcome = given::<Room>(concluded()).when(sign(), &by("duty"), at("10:10")).accepted();
    let official = outcome.state.official.unwrap();
    assert_eq!((official.conclusion.by, official.signed_by), (account("chair"), account("duty")));
    assert_eq!(notified(&outcome.effects, "consult-signed"), ["320100"]);
    assert!(outcome.effects.iter().any(|effect| matches!(effect, Effect::Enqueue { kind, .. } if kind == SUPERSEDE)));
}

#[test]
fn a_correction_is_a_new_version_that_another_person_signs_again() {
    let changed = three_days(90, 120);
    given::<Room>(concluded()).when(correct(changed.clone(), "实况"), &by("chair"), at("11:00")).refused("C-201");
    let room = || given::<Room>(signed());
    room().when(correct(three_days(85, 115), "实况"), &by("chair"), at("11:00")).refused("C-207");
    room().when(correct(changed.clone(), " "), &by("chair"), at("11:00")).refused("C-103");
    room().when(conclude(changed.clone(), Vec::new()), &by("chair"), at("11:00")).refused("C-201");

    let outcome = room().when(correct(changed, "实况偏高"), &by("chair"), at("11:00")).accepted();
    let (official, pending) = (outcome.state.official.unwrap(), outcome.state.pending.unwrap());
    assert_eq!((official.conclusion.number, pending.number, outcome.state.state), (1, 2, RoomState::Concluded));
    assert_eq!(pending.correction, "实况偏高");
    let events: Vec<RoomEvent> = signed().into_iter().chain(outcome.events).collect();
    given::<Room>(events.clone()).when(sign(), &by("chair"), at("11:10")).refused("C-202");
    let cancel = RoomCommand::Cancel { text: "不再需要".into() };
    given::<Room>(events.clone()).when(cancel, &by("chair"), at("11:10")).refused("C-201");
    let outcome = given::<Room>(events).when(sign(), &by("duty"), at("11:10")).accepted();
    assert_eq!((outcome.state.official.unwrap().conclusion.number, outcome.state.pending), (2, None));
}

#[test]
fn only_the_program_reminds_and_supersedes() {
    let remind = |missing: &[&str]| RoomCommand::Remind { missing: missing.iter().map(|id| account(id)).collect() };
    let open = || given::<Room>([opened(RoomKind::Daily)]);
    open().when(remind(&["a"]), &by("chair"), at("10:00")).refused("C-208");
    let outcome = open().when(remind(&["a"]), &program(), at("10:00")).accepted();
    assert_eq!(notified(&outcome.effects, "consult-reminder"), ["a"]);
    assert!(open().when(remind(&[]), &program(), at("10:00")).accepted().events.is_empty());
    assert!(given::<Room>(concluded()).when(remind(&["a"]), &program(), at("10:00")).accepted().events.is_empty());

    let supersede = |id: &str| RoomCommand::Supersede { by: id.parse().unwrap() };
    given::<Room>(signed()).when(supersede("room-2"), &by("chair"), at("15:00")).refused("C-208");
    let outcome = given::<Room>(signed()).when(supersede("room-2"), &program(), at("15:00")).accepted();
    assert_eq!(outcome.state.state, RoomState::Superseded);
    assert!(outcome.state.official.is_some(), "it stays readable");
    let correction = history(
        RoomKind::Daily,
        &[
            ("chair", conclude(three_days(85, 115), Vec::new())),
            ("duty", sign()),
            ("chair", correct(three_days(90, 120), "实况")),
        ],
    );
    let outcome = given::<Room>(correction).when(supersede("room-2"), &program(), at("15:00")).accepted();
    assert_eq!((outcome.state.state, outcome.state.pending), (RoomState::Superseded, None), "its correction too");
    for (events, id) in [(signed(), "room-1"), (concluded(), "room-2")] {
        assert!(given::<Room>(events).when(supersede(id), &program(), at("15:00")).accepted().events.is_empty());
    }
}

#[test]
fn a_cancelled_room_takes_nothing_more() {
    let cancel = || RoomCommand::Cancel { text: "重复".into() };
    let empty = RoomCommand::Cancel { text: " ".into() };
    given::<Room>(concluded()).when(empty, &by("chair"), at("10:00")).refused("C-103");
    let outcome = given::<Room>(concluded()).when(cancel(), &by("chair"), at("10:00")).accepted();
    assert_eq!((outcome.state.state, outcome.state.pending), (RoomState::Cancelled, None));
    assert_eq!(notified(&outcome.effects, "consult-cancelled").len(), 4);
    let over: Vec<RoomEvent> = concluded().into_iter().chain(outcome.events).collect();
    let by_a = Participant::Account(account("a"));
    for command in [
        cancel(),
        sign(),
        conclude(three_days(85, 115), Vec::new()),
        RoomCommand::Remark { text: "x".into(), by: by_a },
    ] {
        given::<Room>(over.clone()).when(command, &by("duty"), at("10:10")).refused("C-201");
    }
    given::<Room>(signed()).when(cancel(), &by("chair"), at("10:00")).refused("C-201");
}

#[test]
fn guests_come_to_joint_rooms_by_links_that_end() {
    let wall = at("09:00");
    let link = |id: &str, days: i64| GuestLink {
        id: id.into(),
        name: "李工".into(),
        organisation: "安徽中心".into(),
        hash: "ab".repeat(32),
        expires: Instant::from_utc(wall.to_utc() + chrono::TimeDelta::days(days)),
        invited_by: account("chair"),
        revoked: false,
    };
    let invite = |link: GuestLink| RoomCommand::InviteGuest {
        guest: link.id.clone(),
        link: Some(Box::new(link)),
        wall: Some(wall),
    };
    let room = |kind| given::<Room>([opened(kind)]);
    room(RoomKind::Daily).when(invite(link("g", 1)), &by("chair"), wall).refused("C-209");
    for days in [0, -1, 15] {
        room(RoomKind::Joint).when(invite(link("g", days)), &by("chair"), wall).refused("C-210");
    }
    let nameless = GuestLink { name: "\u{7}".into(), ..link("g", 1) };
    room(RoomKind::Joint).when(invite(nameless), &by("chair"), wall).refused("C-103");
    let invited = room(RoomKind::Joint).when(invite(link("g", 14)), &by("chair"), wall).accepted();
    let guest = invited.state.guest("g").unwrap();
    assert!(guest.opens(wall) && !guest.opens(guest.expires));
    assert_eq!(guest.label(), "李工（安徽中心 来宾）");

    let revoke = |id: &str| RoomCommand::RevokeGuest { guest: id.into() };
    let events: Vec<RoomEvent> = [opened(RoomKind::Joint)].into_iter().chain(invited.events).collect();
    given::<Room>(events.clone()).when(revoke("x"), &by("chair"), wall).refused("C-211");
    let revoked = given::<Room>(events.clone()).when(revoke("g"), &by("chair"), wall).accepted();
    assert!(!revoked.state.guest("g").unwrap().opens(wall));
    let events: Vec<RoomEvent> = events.into_iter().chain(revoked.events).collect();
    assert!(given::<Room>(events).when(revoke("g"), &by("chair"), wall).accepted().events.is_empty());
}

#[test]
fn the_publication_says_the_numbers_of_the_table_and_nothing_people_wrote() {
    let mut days = three_days(45, 50);
    days[3] = DayCall { reason: "占 99% 的把握".into(), ..call(XUZHOU, 1, 145, 155) };
    let outcome =
        given::<Room>([opened(RoomKind::Daily)]).when(conclude(days, Vec::new()), &by("chair"), at("10:00")).accepted();
    let said = outcome.state.pending.unwrap().publication;
    let first = said.zh.lines().nth(1).unwrap();
    assert_eq!(
        first,
        "2018年1月14日：可能出现污染的城市 1 个。南京 AQI 45～50，优；\
         徐州 AQI 145～155，轻度污染至中度污染，首要污染物 PM2.5。"
    );
    assert_eq!(
        said.en.lines().nth(1).unwrap(),
        "2018-01-14: pollution possible in 1 city. Nanjing AQI 45 to 50, good; \
         Xuzhou AQI 145 to 155, lightly polluted to moderately polluted, primary pollutant PM2.5."
    );
    assert!(!said.zh.contains("99") && !said.zh.contains("静稳"));
}
