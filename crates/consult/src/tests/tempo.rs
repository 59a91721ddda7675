use super::*;
use chrono::TimeDelta;
use event::{Effect, given};

fn peak(share: f64) -> Option<Peak> {
    let day = "2018-01-16".parse().ok();
    Some(Peak { share: Share::new(share).unwrap(), city: "徐州".into(), city_en: "Xuzhou".into(), day })
}

fn chances(above150: f64, above200: f64, event48: f64) -> EpisodeProbabilities {
    EpisodeProbabilities { above150: peak(above150), above200: peak(above200), event48: peak(event48) }
}

fn look(probabilities: &EpisodeProbabilities, now: Instant, last: Option<&TempoStanding>) -> TempoPlan {
    tempo(TempoRule::bundled(), probabilities, now, last)
}

fn step(probabilities: &EpisodeProbabilities) -> String {
    look(probabilities, at("10:00"), None).standing.step
}

#[test]
fn a_step_is_taken_at_its_threshold_and_not_just_below() {
    assert_eq!(step(&chances(0.499, 0.199, 0.299)), "daily");
    for reached in [chances(0.5, 0.0, 0.0), chances(0.0, 0.2, 0.0), chances(0.0, 0.0, 0.3)] {
        assert_eq!(step(&reached), "twice-daily");
    }
    assert_eq!(step(&chances(1.0, 0.499, 0.599)), "twice-daily");
    for reached in [chances(0.0, 0.5, 0.0), chances(0.0, 0.0, 0.6)] {
        assert_eq!(step(&reached), "six-hourly");
    }
    assert_eq!(step(&EpisodeProbabilities::default()), "daily", "without a run the calmest");
}

#[test]
fn a_step_is_left_only_after_its_hours_below_what_keeps_it() {
    let high = look(&chances(0.9, 0.6, 0.0), at("10:00"), None).standing;
    let low = chances(0.1, 0.05, 0.0);
    let later = |hours| Instant::from_utc(at("10:00").to_utc() + TimeDelta::hours(hours));
    assert_eq!(look(&low, later(23), Some(&high)).standing.step, "six-hourly");
    let left = look(&low, later(24), Some(&high)).standing;
    assert_eq!((left.step.as_str(), left.since), ("daily", later(24)));
    let kept = look(&chances(0.0, 0.4, 0.0), later(24), Some(&high)).standing;
    assert_eq!((kept.step.as_str(), kept.since, kept.reached), ("six-hourly", high.since, later(24)));
    let one_down = look(&chances(0.4, 0.0, 0.0), later(24), Some(&high)).standing;
    assert_eq!(one_down.step, "twice-daily", "what keeps a lower step holds on the way down");
    assert_eq!(look(&EpisodeProbabilities::default(), later(48), Some(&high)).standing.step, "six-hourly");
}

#[test]
fn a_clock_set_back_does_not_hold_a_step_for_ever() {
    let high = look(&chances(0.9, 0.6, 0.0), at("10:00"), None).standing;
    let month_before = Instant::from_utc(at("10:00").to_utc() - TimeDelta::days(30));
    assert_eq!(look(&chances(0.0, 0.0, 0.0), month_before, Some(&high)).standing.step, "daily");
}

#[test]
fn a_room_is_due_once_at_its_hour_and_is_made_up_for_a_while() {
    let calm = chances(0.0, 0.0, 0.0);
    assert_eq!(look(&calm, at("14:59"), None).due, None);
    for (now, due) in [("15:00", true), ("15:01", true), ("17:00", true), ("17:01", false)] {
        assert_eq!(look(&calm, at(now), None).due, due.then(|| at("15:00")), "{now}");
    }
    let opened = look(&calm, at("15:00"), None).standing;
    assert_eq!(opened.opened, Some(at("15:00")));
    assert_eq!(look(&calm, at("15:30"), Some(&opened)).due, None);
    let episode = chances(0.9, 0.6, 0.0);
    assert_eq!(look(&episode, at("21:00"), Some(&opened)).due, Some(at("21:00")));
}

#[test]
fn the_plan_names_the_rooms_to_come_and_the_next_look() {
    let plan = look(&chances(0.9, 0.6, 0.0), at("10:00"), None);
    let tomorrow = |clock: &str| -> Instant { format!("2018-01-15T{clock}:00+08:00").parse().unwrap() };
    assert_eq!(plan.next, [at("15:00"), at("21:00"), tomorrow("03:00"), tomorrow("09:00")]);
    assert_eq!((plan.look, plan.kind), (at("15:00"), RoomKind::Urgent));
    let calm = look(&chances(0.0, 0.0, 0.0), at("15:30"), None);
    assert_eq!((calm.next, calm.look), (vec![tomorrow("15:00")], at("21:00")), "looked at more often than opened");
    assert_eq!(look(&chances(0.0, 0.0, 0.0), at("21:00"), None).look, tomorrow("03:00"));
}

#[test]
fn the_reason_is_said_in_words_with_the_numbers_that_decided() {
    let said = look(&chances(0.9, 0.567, 0.0), at("10:00"), None).reason;
    assert_eq!(said.zh, "执行“每六小时一次”：徐州 2018-01-16 AQI>200概率 56%（阈值 50%）；规则 tempo-default");
    assert!(said.en.contains("probability of AQI>200 in Xuzhou on 2018-01-16 is 56 % (threshold 50 %)"));
    let last = look(&chances(0.0, 0.0, 0.0), at("09:00"), None).standing;
    assert!(look(&chances(0.6, 0.0, 0.0), at("10:00"), Some(&last)).reason.zh.starts_with("升级为“每日两次”"));
}

#[test]
fn a_rule_that_does_not_hold_together_is_refused_with_the_reason() {
    let text = include_str!("../../../../data/consult/tempo-default.toml");
    assert_eq!(TempoRule::parse("t.toml", text).unwrap(), *TempoRule::bundled());
    for (from, to, why) in [
        ("at = [9, 15]", "at = [15, 9]", "hours are 0 to 23 and rise"),
        ("at = [15]", "at = [24]", "hours are 0 to 23 and rise"),
        ("at = [15]", "at = []", "hours are 0 to 23 and rise"),
        ("keep = { above200 = 0.4,", "keep = { above200 = 0.6,", "not above what takes it"),
        ("id = \"twice-daily\"", "id = \"daily\"", "its own id"),
        (
            "raise = { above200 = 0.5, event48 = 0.6 }\nkeep = { above200 = 0.4, event48 = 0.45 }",
            "",
            "says when it is taken",
        ),
        ("remind_minutes = 30", "remind_minutes = 90", "remind_minutes less"),
        ("grace_minutes = 120", "grace_minutes = 1440", "less than a day"),
        ("above150 = 0.5", "above150 = 1.5", "U-202"),
    ] {
        let refused = TempoRule::parse("t.toml", &text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(refused.starts_with("C-110 tempo rule t.toml") && refused.contains(why), "{refused}");
    }
}

#[test]
fn each_look_is_kept_and_sets_the_next_by_the_program_alone() {
    let plan = Box::new(look(&chances(0.9, 0.6, 0.0), at("10:00"), None));
    let keep = || TempoCommand::Keep {
        owner: "js-jemc".parse().unwrap(),
        rule: "tempo-default".into(),
        plan: Some(plan.clone()),
        probabilities: chances(0.9, 0.6, 0.0),
    };
    given::<Tempo>([]).when(keep(), &by("chair"), at("10:00")).refused("C-208");
    let outcome = given::<Tempo>([]).when(keep(), &program(), at("10:00")).accepted();
    assert_eq!(outcome.state.standing.unwrap().step, "six-hourly");
    let [Effect::SetTimer { key, due, action, payload }] = &outcome.effects[..] else { panic!("one timer") };
    assert_eq!((key.as_str(), *due, action.as_str()), ("consultation:tempo:js-jemc", at("15:00"), TEMPO));
    assert_eq!(tempo_owner(payload), "js-jemc".parse().ok());
}
