//! Consultations as they are stored: lists by scope, bids in their last version, official forecasts with what they
//! replaced, guests by the digest of their secret.

use crate::harness::Place;
use crate::world::{account, actor, day, found, moment, org, run, scope};
use ::consult::*;
use event::Actor;
use org::{Extent, OrgKind, Organisation, OrganisationCommand, Scope};
use store::{ConsultationFilter, IssuedWithin, Store, StoreError};
use units::{Aqi, BeijingHour, ConsultationId, Instant, Pollutant};

both![
    rooms_are_listed_newest_first_page_by_page,
    a_bureau_sees_a_room_once_its_conclusion_is_signed,
    a_correction_and_a_later_room_leave_what_was_official_readable,
    a_bid_is_kept_in_its_last_version,
    a_guest_is_found_by_the_digest_alone,
    rooms_follow_their_house_through_the_tree,
    rebuilt_consultations_are_the_live_ones,
    what_was_said_is_read_by_days_scope_and_house,
];

fn all() -> Scope {
    scope(Extent::All)
}

fn material() -> Material {
    let issue: BeijingHour = "2018-01-13T20:00:00+08:00".parse().unwrap();
    let city = CityMaterial {
        city: "320100".parse().unwrap(),
        name: "南京".into(),
        name_en: "Nanjing".into(),
        last_hour: Some(issue),
        fresh: true,
        days: Vec::new(),
    };
    let run = RunMaterial { state: RunState::Ready, model: Some("m".into()), trained_until: None, members: 3 };
    let (standard, cities, members) = ("HJ 633-2012".into(), vec![city], Vec::new());
    Material { issue, data_time: Some(issue), standard, run, cities, members }
}

fn call(lead: u8, hi: u16) -> DayCall {
    DayCall {
        city: "320100".parse().unwrap(),
        lead,
        lo: Aqi::new(80).unwrap(),
        hi: Aqi::new(hi).unwrap(),
        primary: vec![Pollutant::Pm25],
        confidence: Confidence::High,
        reason: "O'Brien 说 {x} %".into(),
    }
}

fn days(hi: u16) -> Vec<DayCall> {
    (1..=3).map(|lead| call(lead, hi)).collect()
}

fn by(who: &str) -> Actor {
    actor(who, &org("jemc"))
}

/// A department with a centre that consults and a city.
async fn province(place: &Place) -> Store {
    let store = place.open().await;
    found(&store, "js", OrgKind::Department, None).await;
    found(&store, "jemc", OrgKind::Affiliated, Some("js")).await;
    found(&store, "nj", OrgKind::CityBureau, Some("js")).await;
    store
}

async fn open(store: &Store, id: &str, kind: RoomKind, at: Instant) {
    let id: ConsultationId = id.parse().unwrap();
    let with = Opening {
        id: id.clone(),
        code: format!("HS-{id}"),
        kind,
        owner: org("jemc"),
        opening: Words { zh: "人工发起".into(), en: "by hand".into() },
        material: material(),
        hide_bids: true,
        bids_until: "2018-01-13T23:00:00+08:00".parse().unwrap(),
        remind_at: "2018-01-13T22:30:00+08:00".parse().unwrap(),
        invited: vec![account("a")],
    };
    act(store, &id, RoomCommand::Open { with: Some(Box::new(with)), id: id.clone() }, "chair", at).await;
}

async fn act(store: &Store, id: &ConsultationId, command: RoomCommand, who: &str, at: Instant) {
    run::<Room>(store, id.as_str(), command, &by(who), at).await.unwrap();
}

async fn conclude_and_sign(store: &Store, id: &str, minute: usize) {
    let id: ConsultationId = id.parse().unwrap();
    let conclude = RoomCommand::Conclude {
        days: days(110),
        text: String::new(),
        bids: Vec::new(),
        hidden: false,
        signers: Vec::new(),
    };
    act(store, &id, conclude, "chair", moment(minute)).await;
    sign(store, &id, minute + 1).await;
}

async fn sign(store: &Store, id: &ConsultationId, minute: usize) {
    act(store, id, RoomCommand::Sign { told: vec![org("nj")] }, "duty", moment(minute)).await;
}

async fn enter(store: &Store, room: &str, participant: Participant, hi: u16) {
    let room: ConsultationId = room.parse().unwrap();
    let id = Bid::id(&room, &participant);
    let standing = RoomStanding { state: RoomState::Open, material: material() };
    let (label, days) = ("x".to_string(), days(hi));
    let command = BidCommand::Enter { room, participant, label, days, standing: Some(Box::new(standing)) };
    run::<Bid>(store, &id, command, &by("a"), moment(5)).await.unwrap();
}

async fn listed(store: &Store, scope: &Scope, filter: &ConsultationFilter) -> Vec<String> {
    let rows = store.consultations(scope, filter, 50, None).await.unwrap().items;
    assert_eq!(store.count_consultations(scope, filter).await.unwrap(), rows.len() as u64);
    rows.into_iter().map(|row| row.id.to_string()).collect()
}

async fn rooms_are_listed_newest_first_page_by_page(place: Place) {
    let store = province(&place).await;
    for (minute, id) in ["r1", "r2", "r3"].into_iter().enumerate() {
        open(&store, id, if id == "r2" { RoomKind::Joint } else { RoomKind::Daily }, moment(minute / 2)).await;
    }
    let none = ConsultationFilter::default();
    assert_eq!(listed(&store, &all(), &none).await, ["r3", "r2", "r1"]);
    let first = store.consultations(&all(), &none, 2, None).await.unwrap();
    let rest = store.consultations(&all(), &none, 2, first.next.as_deref()).await.unwrap();
    assert_eq!((first.items.len(), rest.items[0].id.as_str(), rest.next), (2, "r1", None));
    let with = |change: fn(&mut ConsultationFilter)| {
        let mut filter = ConsultationFilter::default();
        change(&mut filter);
        filter
    };
    assert_eq!(listed(&store, &all(), &with(|f| f.kinds = vec!["joint".into()])).await, ["r2"]);
    assert!(listed(&store, &all(), &with(|f| f.states = vec!["signed".into()])).await.is_empty());
    assert!(listed(&store, &all(), &with(|f| f.issue_day = Some(day("2018-01-14")))).await.is_empty());
    assert_eq!(listed(&store, &all(), &with(|f| f.issue_day = Some(day("2018-01-13")))).await.len(), 3);
    assert!(listed(&store, &all(), &with(|f| f.owner = Some(org("js")))).await.is_empty());
    for mark in ["", "x", "1~", "1~a b", "'; DROP TABLE consultation;--~r1"] {
        let refused = store.consultations(&all(), &none, 2, Some(mark)).await;
        assert!(matches!(refused, Err(StoreError::BadMark { .. })), "{mark:?}");
    }
}

async fn a_bureau_sees_a_room_once_its_conclusion_is_signed(place: Place) {
    let store = province(&place).await;
    open(&store, "r1", RoomKind::Daily, moment(0)).await;
    let none = ConsultationFilter::default();
    let bureau = scope(Extent::Assigned(org("nj")));
    assert!(listed(&store, &bureau, &none).await.is_empty());
    assert!(store.consultation(&bureau, "r1").await.unwrap().is_none());
    conclude_and_sign(&store, "r1", 10).await;
    assert_eq!(listed(&store, &bureau, &none).await, ["r1"]);
    assert_eq!(store.consultation(&bureau, "r1").await.unwrap().unwrap().number, 1);
    assert_eq!(store.official_forecasts(&bureau, day("2018-01-13")).await.unwrap().len(), 1);
    for other in [Extent::Assigned(org("jemc")), Extent::Organisation(org("nj")), Extent::Own(account("a"))] {
        assert!(listed(&store, &scope(other.clone()), &none).await.is_empty(), "{other:?}");
        assert!(store.official_forecasts(&scope(other), day("2018-01-13")).await.unwrap().is_empty());
    }
    for own in [Extent::Organisation(org("jemc")), Extent::Own(account("chair"))] {
        assert_eq!(listed(&store, &scope(own), &none).await, ["r1"]);
    }
}

async fn a_correction_and_a_later_room_leave_what_was_official_readable(place: Place) {
    let store = province(&place).await;
    open(&store, "r1", RoomKind::Daily, moment(0)).await;
    conclude_and_sign(&store, "r1", 10).await;
    let id: ConsultationId = "r1".parse().unwrap();
    let correct =
        RoomCommand::Correct {
            days: days(130), text: String::new(), reason: "实况偏高".into(), signers: Vec::new()
        };
    act(&store, &id, correct, "chair", moment(20)).await;
    let states = async |store: &Store| {
        let rows = store.official_forecasts(&all(), day("2018-01-13")).await.unwrap();
        rows.into_iter().map(|row| format!("{}/{} {}", row.room, row.number, row.state)).collect::<Vec<_>>()
    };
    assert_eq!(states(&store).await, ["r1/1 official"], "until the correction is signed");
    sign(&store, &id, 21).await;
    assert_eq!(states(&store).await, ["r1/2 official", "r1/1 superseded"]);
    let versions = store.official_versions(&id).await.unwrap();
    assert_eq!(versions[1].official.conclusion.days[0].call.hi.get(), 110);
    assert_eq!(versions[0].official.conclusion.correction, "实况偏高");

    open(&store, "r2", RoomKind::Urgent, moment(30)).await;
    conclude_and_sign(&store, "r2", 31).await;
    let program = Actor { origin: "job".into(), ..by("system") };
    let supersede = RoomCommand::Supersede { by: "r2".parse().unwrap() };
    run::<Room>(&store, "r1", supersede, &program, moment(40)).await.unwrap();
    assert_eq!(states(&store).await, ["r2/1 official", "r1/2 superseded", "r1/1 superseded"]);
}

async fn a_bid_is_kept_in_its_last_version(place: Place) {
    let store = province(&place).await;
    for room in ["r1", "r2"] {
        open(&store, room, RoomKind::Joint, moment(0)).await;
    }
    let (own, guest) = (Participant::Account(account("a")), Participant::Guest("g".into()));
    enter(&store, "r1", own.clone(), 110).await;
    enter(&store, "r1", own.clone(), 120).await;
    enter(&store, "r1", guest.clone(), 90).await;
    enter(&store, "r2", own.clone(), 70 + 30).await;
    let bids = store.consultation_bids(&"r1".parse().unwrap()).await.unwrap();
    let told: Vec<_> = bids.iter().map(|bid| (&bid.participant, bid.number, bid.days[0].hi.get())).collect();
    assert_eq!(told, [(&own, 2, 120), (&guest, 1, 90)]);
    assert_eq!(bids[0].days[0].reason, "O'Brien 说 {x} %");
    let (_, version) = store.load::<Room>("r1").await.unwrap().unwrap();
    assert_eq!(version, 1, "the room's version does not tell how many bids there are");
}

fn link(id: &str, hash: &str) -> RoomCommand {
    let link = GuestLink {
        id: id.into(),
        name: "李工".into(),
        organisation: "安徽中心".into(),
        hash: hash.into(),
        expires: moment(59),
        invited_by: account("chair"),
        revoked: false,
    };
    RoomCommand::InviteGuest { guest: id.into(), link: Some(Box::new(link)), wall: Some(moment(0)) }
}

async fn a_guest_is_found_by_the_digest_alone(place: Place) {
    let store = province(&place).await;
    open(&store, "r1", RoomKind::Joint, moment(0)).await;
    let hash = "0f".repeat(32);
    act(&store, &"r1".parse().unwrap(), link("g1", &hash), "chair", moment(1)).await;
    let found = store.consultation_guest(&hash).await.unwrap();
    assert_eq!(found, Some(("r1".parse().unwrap(), "g1".to_string())));
    for other in ["", "0f", &"0F".repeat(32), &"00".repeat(32)] {
        assert_eq!(store.consultation_guest(other).await.unwrap(), None, "{other}");
    }
}

async fn rooms_follow_their_house_through_the_tree(place: Place) {
    let store = province(&place).await;
    open(&store, "r1", RoomKind::Daily, moment(0)).await;
    let under = async |id: &str| {
        let path = store.org_place(&org(id)).await.unwrap().unwrap().path;
        listed(&store, &scope(Extent::Subtree(path)), &ConsultationFilter::default()).await
    };
    assert!(under("nj").await.is_empty());
    let command = OrganisationCommand::Move { parent: org("nj"), under: store.org_place(&org("nj")).await.unwrap() };
    run::<Organisation>(&store, "jemc", command, &by("root"), moment(2)).await.unwrap();
    assert_eq!(under("nj").await, ["r1"]);
}

async fn rebuilt_consultations_are_the_live_ones(place: Place) {
    let store = province(&place).await;
    open(&store, "r1", RoomKind::Joint, moment(0)).await;
    let id: ConsultationId = "r1".parse().unwrap();
    act(&store, &id, link("g1", &"0f".repeat(32)), "chair", moment(1)).await;
    enter(&store, "r1", Participant::Account(account("a")), 110).await;
    enter(&store, "r1", Participant::Account(account("a")), 120).await;
    enter(&store, "r1", Participant::Guest("g1".into()), 90).await;
    conclude_and_sign(&store, "r1", 10).await;
    act(&store, &id, RoomCommand::RevokeGuest { guest: "g1".into() }, "chair", moment(12)).await;
    let correct =
        RoomCommand::Correct { days: days(130), text: "改".into(), reason: "偏高".into(), signers: Vec::new() };
    act(&store, &id, correct, "chair", moment(20)).await;
    sign(&store, &id, 21).await;
    let plan = tempo(TempoRule::bundled(), &EpisodeProbabilities::default(), moment(22), None);
    let keep = TempoCommand::Keep {
        owner: org("jemc"),
        rule: "tempo-default".into(),
        plan: Some(Box::new(plan)),
        probabilities: EpisodeProbabilities::default(),
    };
    let program = Actor { origin: "job".into(), ..by("system") };
    run::<Tempo>(&store, "jemc", keep, &program, moment(22)).await.unwrap();

    let live = store.dump(&store::kinds()).await.unwrap();
    for table in
        ["consultation", "consultation_told", "consultation_bid", "consultation_official", "consultation_guest"]
    {
        assert!(live.iter().any(|line| line.starts_with(&format!("{table}: "))), "{table}");
    }
    assert_eq!(store.check_rebuild().await.unwrap().difference, None);
    place.execute("DELETE FROM consultation_official").await;
    place.execute("UPDATE consultation SET state = 'open'").await;
    store.rebuild().await.unwrap();
    assert_eq!(store.dump(&store::kinds()).await.unwrap(), live);
}

/// Every version of the bids of rooms that are closed, and every signed conclusion, by whose eyes they are seen.
async fn what_was_said_is_read_by_days_scope_and_house(place: Place) {
    let store = province(&place).await;
    for room in ["r1", "r2"] {
        open(&store, room, RoomKind::Joint, moment(0)).await;
        enter(&store, room, Participant::Account(account("a")), 110).await;
    }
    enter(&store, "r1", Participant::Account(account("a")), 120).await;
    enter(&store, "r1", Participant::Guest("g".into()), 90).await;
    let issued = |from: &str, to: &str| IssuedWithin { owner: None, days: (day(from), day(to)) };
    let the_day = issued("2018-01-13", "2018-01-13");
    let said = async |scope: Scope, within| {
        let bids = store.bids_entered(&scope, within).await.unwrap();
        bids.iter().map(|row| (row.said.number, row.said.days[0].hi.get())).collect::<Vec<_>>()
    };
    assert!(said(all(), the_day).await.is_empty(), "both are open");
    conclude_and_sign(&store, "r1", 10).await;
    assert_eq!(said(all(), the_day).await, [(1, 110), (2, 120), (1, 90)]);
    let other = org("nj");
    for within in [
        issued("2018-01-12", "2018-01-12"),
        issued("2018-01-14", "2018-01-20"),
        IssuedWithin { owner: Some(&other), ..the_day },
    ] {
        assert!(said(all(), within).await.is_empty(), "{within:?}");
    }
    assert_eq!(said(scope(Extent::Organisation(org("jemc"))), the_day).await.len(), 3);
    assert!(said(scope(Extent::Organisation(org("nj"))), the_day).await.is_empty());

    let signed = store.conclusions_signed(&scope(Extent::Assigned(org("nj"))), the_day).await.unwrap();
    assert_eq!((signed.len(), signed[0].code.as_str(), &signed[0].owner), (1, "HS-r1", &org("jemc")));
    assert_eq!((signed[0].said.conclusion.number, signed[0].issue), (1, material().issue));
    assert!(store.conclusions_signed(&all(), issued("2018-01-14", "2018-01-14")).await.unwrap().is_empty());
}
