use super::*;
use event::given;
use proptest::prelude::*;

fn standing(state: RoomState) -> RoomStanding {
    RoomStanding { state, material: material() }
}

fn enter_in(state: RoomState, days: Vec<DayCall>) -> BidCommand {
    let participant = Participant::Account(account("a"));
    let standing = Some(Box::new(standing(state)));
    BidCommand::Enter { room: room_id(), participant, label: String::new(), days, standing }
}

fn enter(days: Vec<DayCall>) -> BidCommand {
    enter_in(RoomState::Open, days)
}

#[test]
fn a_bid_is_revised_by_a_new_version() {
    let first = given::<Bid>([]).when(enter(vec![call(NANJING, 1, 80, 110)]), &by("a"), at("09:30")).accepted();
    assert_eq!(first.state.entered.as_ref().unwrap().number, 1);
    let again = given::<Bid>(first.events.clone());
    assert!(again.when(enter(vec![call(NANJING, 1, 80, 110)]), &by("a"), at("09:31")).accepted().events.is_empty());
    let second = given::<Bid>(first.events).when(enter(vec![call(NANJING, 7, 80, 110)]), &by("a"), at("09:32"));
    let entered = second.accepted().state.entered.unwrap();
    assert_eq!((entered.number, entered.days.len(), entered.days[0].lead), (2, 1, 7));
}

#[test]
fn a_bid_is_refused_once_the_room_is_concluded() {
    for state in [RoomState::Concluded, RoomState::Signed, RoomState::Superseded, RoomState::Cancelled] {
        given::<Bid>([]).when(enter_in(state, three_days(80, 110)), &by("a"), at("11:00")).refused("C-201");
    }
}

#[test]
fn what_a_bid_says_must_hold_together() {
    let refused = |days: Vec<DayCall>, code: &str| {
        given::<Bid>([]).when(enter(days), &by("a"), at("09:30")).refused(code);
    };
    let good = call(NANJING, 1, 80, 110);
    refused(vec![], "C-109");
    refused(vec![call(NANJING, 1, 111, 110)], "C-104");
    refused(vec![call(NANJING, 0, 80, 110)], "C-105");
    refused(vec![call(NANJING, 8, 80, 110)], "C-105");
    refused(vec![call("340100", 1, 80, 110)], "C-107");
    refused(vec![good.clone(), good.clone()], "C-108");
    refused(vec![DayCall { primary: vec![], ..good.clone() }], "C-106");
    refused(vec![DayCall { primary: vec![Pollutant::Pm25; 2], ..good.clone() }], "C-106");
    refused(vec![DayCall { primary: Pollutant::ALL[..4].to_vec(), ..good.clone() }], "C-106");
    refused(vec![DayCall { primary: vec![Pollutant::O3], ..call(NANJING, 1, 30, 50) }], "C-106");
    refused(vec![DayCall { reason: "a\u{1b}[31m".into(), ..good.clone() }], "C-103");
    refused(vec![DayCall { reason: "字".repeat(401), ..good }], "C-103");
    let edge = DayCall { primary: vec![Pollutant::O3], ..call(NANJING, 1, 30, 51) };
    given::<Bid>([]).when(enter(vec![edge]), &by("a"), at("09:30")).accepted();
}

#[test]
fn levels_follow_from_the_range() {
    let levels = |lo, hi| call(NANJING, 1, lo, hi).levels().iter().map(|level| level.number()).collect::<Vec<_>>();
    assert_eq!([levels(0, 50), levels(50, 51), levels(100, 201)], [vec![1], vec![1, 2], vec![2, 3, 4, 5]]);
}

fn sight(viewer: &str, insider: bool, chair: bool, entered: &[&str], now: &str) -> BidSight {
    let RoomEvent::Opened { room } = opened(RoomKind::Daily) else { unreachable!("it was opened") };
    let participant = Participant::Account(account(viewer));
    let entered: Vec<Participant> = entered.iter().map(|id| Participant::Account(account(id))).collect();
    bid_sight(&room, &Viewer { participant: &participant, insider, chair }, &entered, at(now))
}

#[test]
fn bids_are_hidden_until_ones_own_is_in() {
    assert_eq!(sight("a", true, false, &["b", "c"], "09:30"), BidSight::Own);
    assert_eq!(sight("a", true, false, &["b", "a"], "09:30"), BidSight::All);
    assert_eq!(sight("duty", true, false, &["a", "b", "c"], "10:31"), BidSight::Own, "who never bids sees none");
    assert_eq!(sight("nanjing", false, false, &["nanjing"], "10:31"), BidSight::Own, "from outside");
}

#[test]
fn the_chair_sees_counts_and_then_everything() {
    assert_eq!(sight("chair", true, true, &["a", "b"], "10:29"), BidSight::Counts);
    assert_eq!(sight("chair", true, true, &["a", "b"], "10:30"), BidSight::All, "the time is over");
    assert_eq!(sight("chair", true, true, &["a", "b", "c"], "09:30"), BidSight::All, "all others are in");
    assert_eq!(sight("chair", true, true, &["chair"], "09:30"), BidSight::All);
}

#[test]
fn a_rule_without_hiding_shows_all_and_so_does_a_conclusion() {
    let RoomEvent::Opened { room } = opened(RoomKind::Daily) else { unreachable!("it was opened") };
    let participant = Participant::Account(account("a"));
    let seen = |room: &Room| {
        bid_sight(room, &Viewer { participant: &participant, insider: true, chair: false }, &[], at("09:30"))
    };
    assert_eq!(seen(&Room { hide_bids: false, ..Room::clone(&room) }), BidSight::All);
    assert_eq!(seen(&Room { state: RoomState::Concluded, ..Room::clone(&room) }), BidSight::All);
    assert_eq!(seen(&room), BidSight::Own);
}

#[test]
fn heavier_bids_pull_the_median_and_name_the_pollutant() {
    let ozone = |call: DayCall| DayCall { primary: vec![Pollutant::O3], confidence: Confidence::High, ..call };
    let bids = [
        weighted("a", 1.0, vec![call(NANJING, 1, 60, 90)]),
        weighted("b", 1.0, vec![call(NANJING, 1, 80, 110)]),
        weighted("c", 3.0, vec![ozone(call(NANJING, 1, 120, 150))]),
    ];
    let given = prefill(&material(), &bids);
    let first = given.iter().find(|day| day.city == city(NANJING) && day.lead == 1).unwrap();
    assert_eq!((first.lo.get(), first.hi.get(), first.bids), (120, 150, 3));
    assert_eq!((first.primary.as_slice(), first.confidence), (&[Pollutant::O3][..], Confidence::High));
    let run = given.iter().find(|day| day.city == city(XUZHOU) && day.lead == 1).unwrap();
    assert_eq!((run.lo.get(), run.bids), (85, 0), "without a bid the run stands in");
    assert!(given.iter().all(|day| day.lead <= 5), "nothing is made up for days nobody spoke of");
}

#[test]
fn bids_whose_weight_is_none_do_not_count_and_a_tie_lies_between_rounded_up() {
    let range = |weights: &[(u16, f64)]| {
        let bids: Vec<Weighted> =
            weights.iter().map(|(lo, weight)| weighted("a", *weight, vec![call(NANJING, 1, *lo, lo + 30)])).collect();
        let given = prefill(&material(), &bids);
        let first = given.iter().find(|day| day.city == city(NANJING) && day.lead == 1).unwrap();
        (first.lo.get(), first.bids)
    };
    assert_eq!(range(&[(80, f64::NAN), (90, 0.0), (95, -1.0), (100, f64::INFINITY)]), (85, 0), "the run stands in");
    assert_eq!(range(&[(80, 0.1), (90, 0.2), (100, 0.3)]), (95, 3), "a tie of sums that are not exact");
    assert_eq!(range(&[(80, 0.5), (101, 0.5)]), (91, 2));
    assert_eq!(range(&[(80, 0.2), (101, 0.8)]), (101, 2));
}

proptest! {
    #[test]
    fn the_prefilled_range_never_ends_before_it_begins(
        bids in proptest::collection::vec((51u16..300, 0u16..200, 0.1f64..3.0), 1..8)
    ) {
        let bids: Vec<Weighted> = bids
            .iter()
            .map(|(lo, width, weight)| weighted("a", *weight, vec![call(NANJING, 1, *lo, lo + width)]))
            .collect();
        let given = prefill(&material(), &bids);
        prop_assert!(given[0].lo <= given[0].hi);
        let call = DayCall { lo: given[0].lo, hi: given[0].hi, primary: given[0].primary.clone(), ..call(NANJING, 1, 0, 0) };
        prop_assert!(event::given::<Bid>([]).when(enter(vec![call]), &by("a"), at("09:30")).accepted().events.len() == 1);
    }
}
