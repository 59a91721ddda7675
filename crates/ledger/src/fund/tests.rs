use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn reserve(rules: Value, projects: &[(&str, &str, f64, f64, &str)]) -> Reserve {
    let mut file = rules;
    let project = |(id, city, amount, score, rest): &(&str, &str, f64, f64, &str)| {
        let excludes: Vec<&str> = rest.split_whitespace().filter_map(|word| word.strip_prefix("not:")).collect();
        let is = |word: &str| rest.split_whitespace().any(|known| known == word);
        json!({ "id": id, "city": city, "amount": amount, "score": score, "capacity": is("capacity"),
            "ready": !is("unready"), "must": is("must"), "excludes": excludes })
    };
    file["projects"] = projects.iter().map(project).collect();
    Reserve::read(&file.to_string()).unwrap()
}

fn told(found: &Selection) -> Value {
    serde_json::to_value(found).unwrap()
}

#[test]
fn the_best_set_is_not_the_best_project_first() {
    // By score for money p1 (1.2) would come first and leave 40 unused; p2 and p3 fill the budget for 110.
    let reserve = reserve(
        json!({ "budget": 100 }),
        &[("p1", "n", 60.0, 72.0, ""), ("p2", "n", 50.0, 55.0, ""), ("p3", "n", 50.0, 55.0, "")],
    );
    let found = told(&select(&reserve).unwrap());
    assert_eq!(found["status"], "optimal");
    assert_eq!(found["chosen"], json!(["p2", "p3"]));
    assert_eq!(
        (&found["score"], &found["spent"], &found["bound"], &found["gap"]),
        (&json!(110.0), &json!(100.0), &json!(110.0), &json!(0.0))
    );
    assert_eq!(found["left_out"], json!([{ "id": "p1", "reason": "budget", "would_need": { "budget": 60.0 } }]));
    assert_eq!((&found["marginal"], &found["next"]), (&json!("p3"), &json!("p1")));
}

#[test]
fn each_rule_that_keeps_a_project_out_is_named_with_what_it_would_need() {
    let reserve = reserve(
        json!({ "budget": 200, "capacity_share": 0.1, "city_cap": { "x": 60 }, "city_floor": { "y": 10 } }),
        &[
            ("big", "y", 100.0, 90.0, "must"),
            ("x1", "x", 50.0, 60.0, ""),
            ("x2", "x", 30.0, 20.0, ""),
            ("lab", "y", 15.0, 40.0, "capacity"),
            ("lab2", "y", 8.0, 3.0, "capacity"),
            ("draft", "y", 5.0, 99.0, "unready"),
            ("other", "y", 10.0, 30.0, "not:big"),
            ("late", "y", 45.0, 1.0, ""),
            ("void", "y", 1.0, 0.0, ""),
        ],
    );
    let found = told(&select(&reserve).unwrap());
    assert_eq!(found["chosen"], json!(["big", "x1", "lab"]));
    let expected = json!([
        { "id": "x2", "reason": "city_cap", "would_need": { "city_cap": 20.0 } },
        { "id": "lab2", "reason": "capacity_share", "would_need": { "capacity": 3.0 } },
        { "id": "draft", "reason": "not_ready", "would_need": { "ready": true } },
        { "id": "other", "reason": "excluded_by", "would_need": { "instead_of": ["big"] } },
        { "id": "late", "reason": "budget", "would_need": { "budget": 10.0 } },
        { "id": "void", "reason": "no_score", "would_need": {} },
    ]);
    assert_eq!(found["left_out"], expected);
}

#[test]
fn limits_are_met_to_the_fen_and_not_beyond() {
    let at = |amount: f64, rules: Value| {
        select(&reserve(rules, &[("a", "n", amount, 1.0, "capacity")])).unwrap().chosen.len()
    };
    for (amount, chosen) in [(12.5, 1), (12.500001, 0)] {
        assert_eq!(at(amount, json!({ "budget": 12.5 })), chosen);
        assert_eq!(at(amount, json!({ "budget": 99, "city_cap": { "n": "12.50" } })), chosen);
        assert_eq!(at(amount, json!({ "budget": 250, "capacity_share": 0.05 })), chosen);
    }
    // 0.1 + 0.2 in binary is a hair above 0.3.
    let thirds = reserve(json!({ "budget": 0.3 }), &[("a", "n", 0.1, 1.0, ""), ("b", "n", 0.2, 1.0, "")]);
    assert_eq!(select(&thirds).unwrap().chosen.len(), 2);
}

#[test]
fn a_floor_brings_in_what_the_score_alone_would_not() {
    let projects = [("a", "n", 50.0, 90.0, ""), ("b", "n", 50.0, 80.0, ""), ("c", "s", 40.0, 10.0, "")];
    let free = select(&reserve(json!({ "budget": 100 }), &projects)).unwrap();
    let held = select(&reserve(json!({ "budget": 100, "city_floor": { "s": 40 } }), &projects)).unwrap();
    assert_eq!((free.chosen.join(" "), held.chosen.join(" ")), ("a b".to_string(), "a c".to_string()));
    assert_eq!(held.marginal.as_deref(), Some("c"));
}

#[test]
fn what_makes_a_selection_impossible_is_named_with_what_is_short() {
    let two =
        [("a", "n", 50.0, 9.0, "must"), ("b", "s", 40.0, 8.0, "must capacity not:a"), ("c", "s", 7.0, 1.0, "unready")];
    let short = |rules: Value, projects: &[(&str, &str, f64, f64, &str)]| {
        let found = select(&reserve(rules, projects)).unwrap();
        assert_eq!((found.status, found.score, found.chosen.len()), (Status::Infeasible, None, 0));
        told(&found)["shortfalls"].clone()
    };
    assert_eq!(
        short(
            json!({ "budget": 80, "capacity_share": 0.25, "city_cap": { "n": 45 }, "city_floor": { "s": 60 } }),
            &two
        ),
        json!([
            { "what": "musts_exclude", "ids": ["a", "b"] },
            { "what": "musts_over_budget", "short": 10.0 },
            { "what": "musts_over_capacity_share", "short": 20.0 },
            { "what": "musts_over_city_cap", "city": "n", "short": 5.0 },
            { "what": "city_floor", "city": "s", "available": 40.0, "short": 20.0 },
        ])
    );
    let open = [("a", "n", 50.0, 9.0, ""), ("b", "s", 40.0, 8.0, "")];
    assert_eq!(
        short(json!({ "budget": 80, "city_floor": { "n": 50, "s": 40 } }), &open),
        json!([{ "what": "floors_over_budget", "short": 10.0 }])
    );
    assert_eq!(
        short(json!({ "budget": 99, "city_floor": { "n": 50 }, "city_cap": { "n": 49 } }), &open),
        json!([{ "what": "floor_above_cap", "city": "n", "short": 1.0 }])
    );
    // 10 of the floor of 10 is there, but only in pieces of 6 and 4 that the cap of 9 and an exclusion do not let meet.
    let pieces = [("a", "n", 6.0, 9.0, ""), ("b", "n", 4.0, 8.0, "not:a")];
    assert_eq!(
        short(json!({ "budget": 99, "city_floor": { "n": 10 } }), &pieces),
        json!([{ "what": "together", "rule": "excludes" }, { "what": "together", "rule": "city_floor.n" }])
    );
}

#[test]
fn an_empty_reserve_is_an_empty_selection() {
    let found = select(&reserve(json!({ "budget": 0 }), &[])).unwrap();
    assert_eq!(
        (found.status, found.score, found.gap, found.marginal),
        (Status::Optimal, Some(Score(0)), Some(0.0), None)
    );
}

const ROWS: &str = r#"
budget               | -1                | L-301 budget: invalid value: integer `-1`
budget               | "NaN"             | L-301 budget: invalid value: string "NaN"
budget               | null              | L-301 budget
capacity_share       | 1.01              | L-305 capacity_share: 1.01
capacity_share       | -0.01             | L-305 capacity_share: -0.01
city_floor           | {"nowhere":1}     | L-304 city_floor.nowhere: the file holds no project of the city "nowhere"
city_floor           | {"n":-1}          | L-301 city_floor.n: invalid value
city_cap             | 7                 | L-301 city_cap: invalid type
projects.0.amount    | -5                | L-301 projects[0].amount: invalid value: integer `-5`
projects.0.amount    | 0.0000001         | L-301 projects[0].amount: invalid value: floating point
projects.0.amount    | 1e300             | L-301 projects[0].amount: invalid value: floating point
projects.0.score     | -1                | L-301 projects[0].score: invalid value: integer `-1`
projects.0.ready     | null              | L-301 projects[0].ready
projects.0.ready     | "yes"             | L-301 projects[0].ready
projects.1.id        | "a"               | L-303 projects[1].id: the id "a"
projects.1.city      | " "               | L-305 projects[1].city
projects.0.excludes  | ["c"]             | L-304 projects[0].excludes[0]: the file holds no project "c"
projects.0.excludes  | ["a"]             | L-305 projects[0].excludes[0]
"#;

#[test]
fn what_is_no_reserve_is_refused_with_its_place() {
    let project = |id: &str| json!({ "id": id, "city": "n", "amount": 5, "score": 1, "ready": true });
    let good = json!({ "budget": 10, "projects": [project("a"), project("b")] });
    assert!(Reserve::read(&good.to_string()).is_ok());
    for row in ROWS.trim().lines() {
        let [path, value, expected] = row.split(" | ").map(str::trim).collect::<Vec<_>>()[..] else { panic!("{row}") };
        let mut file = good.clone();
        let (parents, key) = path.rsplit_once('.').unwrap_or(("", path));
        let parent = if parents.is_empty() { String::new() } else { format!("/{}", parents.replace('.', "/")) };
        file.pointer_mut(&parent).unwrap()[key] = serde_json::from_str(value).unwrap();
        let told = Reserve::read(&file.to_string()).unwrap_err().to_string();
        assert!(told.starts_with(expected) && told.ends_with("nothing was computed"), "{path} {value}: {told}");
    }
    for (text, expected) in [
        ("{\"budget\":NaN}", "L-301"),
        ("{\"budget\":1,\"budget\":2,\"projects\":[]}", "duplicate field `budget`"),
        ("{\"budget\":1,\"city_cap\":{\"n\":1,\"n\":2},\"projects\":[]}", "\"n\" stands here twice"),
    ] {
        let told = Reserve::read(text).unwrap_err().to_string();
        assert!(told.contains(expected) && told.contains("line 1 column"), "{text}: {told}");
    }
}

#[test]
fn a_reserve_of_a_hundred_thousand_rows_is_refused_by_number() {
    let row = "{\"id\":\"a\",\"city\":\"n\",\"amount\":5,\"score\":1,\"ready\":true},".repeat(100_000);
    let text = format!("{{\"budget\":1,\"projects\":[{}]}}", row.trim_end_matches(','));
    let told = Reserve::read(&text).unwrap_err().to_string();
    assert!(told.starts_with("L-302 projects: 100000 rows; at most 5000"), "{told}");
}

#[test]
fn more_money_never_brings_a_lower_score_and_musts_fix_the_begin() {
    let projects = [
        ("a", "n", 10.0, 5.0, "must"),
        ("b", "n", 20.0, 30.0, ""),
        ("c", "s", 15.0, 20.0, ""),
        ("d", "s", 30.0, 31.0, ""),
    ];
    let reserve = reserve(json!({ "budget": 0 }), &projects);
    let budgets: Vec<_> = [5, 10, 25, 30, 45, 60, 75].map(|wan| TenThousandYuan::from_fen(wan * 1_000_000)).to_vec();
    let front = front(&reserve, &budgets).unwrap();
    let scores: Vec<_> = front.iter().map(|point| point.score.map(|score| score.to_string())).collect();
    let expected = [None, Some("5"), Some("25"), Some("35"), Some("55"), Some("66"), Some("86")];
    assert_eq!(scores, expected.map(|score| score.map(str::to_string)));
    assert_eq!(front[0].status, Status::Infeasible);
}

/// City, amount, score, capacity, ready, must, one excluded.
type Row = (usize, i64, i64, bool, bool, bool, Option<usize>);

/// Up to 13 candidates in three cities with every rule; small whole numbers make ties and exact fits common.
fn reserves() -> impl Strategy<Value = Reserve> {
    let project = (
        0usize..3,
        0i64..20,
        0i64..20,
        prop::bool::weighted(0.3),
        prop::bool::weighted(0.85),
        prop::bool::weighted(0.08),
        prop::option::weighted(0.3, 0usize..13),
    );
    let limits =
        prop::collection::vec((prop::option::weighted(0.4, 0i64..30), prop::option::weighted(0.4, 5i64..60)), 3);
    (prop::collection::vec(project, 1..14), 0i64..140, prop::option::of(0u8..=10), limits).prop_map(
        |(rows, budget, share, limits)| {
            let wan = |amount: i64| TenThousandYuan::from_fen(amount * 1_000_000);
            let (count, name) = (rows.len(), |n: usize| format!("p{n:02}"));
            let project = |(n, (city, amount, score, capacity, ready, must, other)): (usize, Row)| Project {
                id: name(n),
                city: format!("c{city}"),
                amount: wan(amount),
                score: Score(score * 100_000_000),
                capacity,
                ready,
                must,
                excludes: other.map(|other| other % count).filter(|other| *other != n).map(name).into_iter().collect(),
            };
            let projects: Vec<Project> = rows.into_iter().enumerate().map(project).collect();
            let of = |n: usize| format!("c{n}");
            let known = |n: &usize| projects.iter().any(|project| project.city == of(*n));
            let floor = (0..3).filter(known).filter_map(|n| Some((of(n), wan(limits[n].0?)))).collect();
            let cap = (0..3).filter_map(|n| Some((of(n), wan(limits[n].1?)))).collect();
            Reserve {
                budget: wan(budget),
                capacity_share: share.map(|tenths| f64::from(tenths) / 10.0),
                city_floor: floor,
                city_cap: cap,
                projects,
                unread: vec![],
            }
        },
    )
}

/// Whether a set keeps every rule, by the words of the format and nothing of the solver.
fn lawful(reserve: &Reserve, chosen: &[bool]) -> bool {
    let of = |filter: &dyn Fn(&Project) -> bool| -> i64 {
        sum(reserve, chosen, |project| if filter(project) { project.amount.fen() } else { 0 })
    };
    let named = |id: &str| reserve.projects.iter().zip(chosen).any(|(project, chosen)| *chosen && project.id == id);
    let share = reserve.capacity_share.is_none_or(|share| {
        of(&|project| project.capacity) * 10 <= reserve.budget.fen() * (share * 10.0).round() as i64
    });
    let each = reserve.projects.iter().zip(chosen).all(|(project, chosen)| {
        if *chosen {
            (project.ready || project.must) && !project.excludes.iter().any(|id| named(id))
        } else {
            !project.must
        }
    });
    share
        && each
        && of(&|_| true) <= reserve.budget.fen()
        && reserve.city_floor.iter().all(|(city, floor)| of(&|project| project.city == *city) >= floor.fen())
        && reserve.city_cap.iter().all(|(city, cap)| of(&|project| project.city == *city) <= cap.fen())
}

fn by_trying_all(reserve: &Reserve) -> Option<i64> {
    let sets = (0u32..1 << reserve.projects.len())
        .map(|set| (0..reserve.projects.len()).map(|n| set >> n & 1 == 1).collect::<Vec<_>>());
    sets.filter(|chosen| lawful(reserve, chosen)).map(|chosen| sum(reserve, &chosen, |project| project.score.0)).max()
}

fn flags(reserve: &Reserve, found: &Selection) -> Vec<bool> {
    reserve.projects.iter().map(|project| found.chosen.contains(&project.id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_selection_scores_what_trying_every_set_finds(reserve in reserves()) {
        let found = select(&reserve).unwrap();
        match by_trying_all(&reserve) {
            Some(best) => {
                prop_assert_eq!(found.score, Some(Score(best)));
                prop_assert_eq!((found.status, found.bound, found.gap), (Status::Optimal, found.score, Some(0.0)));
                prop_assert!(lawful(&reserve, &flags(&reserve, &found)));
            }
            None => {
                prop_assert_eq!((found.status, found.score), (Status::Infeasible, None));
            }
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing(reserve in reserves(), turn in 0usize..13) {
        let found = select(&reserve).unwrap();
        let mut turned = reserve.clone();
        turned.projects.rotate_left(turn % reserve.projects.len());
        turned.projects[1..].reverse();
        let again = select(&turned).unwrap();
        prop_assert_eq!(flags(&reserve, &again), flags(&reserve, &found));
        prop_assert_eq!((again.marginal, again.next, again.bound), (found.marginal, found.next, found.bound));
    }

    #[test]
    fn what_is_left_out_would_break_the_rule_it_names(reserve in reserves()) {
        let found = select(&reserve).unwrap();
        for left in &found.left_out {
            let mut with = flags(&reserve, &found);
            let place = reserve.projects.iter().position(|project| project.id == left.id).unwrap();
            with[place] = true;
            prop_assert_eq!(lawful(&reserve, &with), left.reason == Left::NoScore);
            prop_assert!(left.reason != Left::NoScore || reserve.projects[place].score == Score(0));
        }
    }
}

/// Three hundred projects of thirteen cities, scores to one decimal, by a fixed sequence.
fn large() -> Reserve {
    let mut state = 12_345u64;
    let mut draw = |top: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % top
    };
    let project = |n: u64| Project {
        id: format!("p{n:03}"),
        city: format!("c{:02}", n % 13),
        amount: TenThousandYuan::from_fen((50 + draw(2950) as i64) * 1_000_000),
        score: Score((100 + draw(900) as i64) * 100_000_000),
        capacity: draw(8) == 0,
        ready: draw(10) > 0,
        must: false,
        excludes: if n % 30 == 1 { vec![format!("p{:03}", n - 1)] } else { vec![] },
    };
    let projects: Vec<Project> = (0..300).map(project).collect();
    let wan = |amount: i64| TenThousandYuan::from_fen(amount * 1_000_000);
    let cities = |amount: i64| (0..13).map(|n| (format!("c{n:02}"), wan(amount))).collect();
    Reserve {
        budget: wan(120_000),
        capacity_share: Some(0.05),
        city_floor: cities(6000),
        city_cap: cities(12_000),
        projects,
        unread: vec![],
    }
}

#[test]
fn a_provincial_reserve_is_solved_with_a_bound_that_holds() {
    let reserve = large();
    let found = select(&reserve).unwrap();
    assert!(lawful_share(&reserve, &found));
    assert!(
        found.bound >= found.score && found.gap.unwrap() < 0.002,
        "{:?} {:?} {:?}",
        found.status,
        found.score,
        found.gap
    );
}

/// The rules of the large reserve, whose share is no tenth.
fn lawful_share(reserve: &Reserve, found: &Selection) -> bool {
    let chosen = flags(reserve, found);
    let capacity = sum(reserve, &chosen, |project| if project.capacity { project.amount.fen() } else { 0 });
    capacity * 20 <= reserve.budget.fen() && lawful(&Reserve { capacity_share: None, ..reserve.clone() }, &chosen)
}
