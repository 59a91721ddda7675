use super::*;
use forecast::History;
use units::Pollutant;

const ISSUES: i32 = 60;

fn day(n: i32) -> BeijingDay {
    "2018-01-01".parse::<BeijingDay>().unwrap() + n
}

/// PM2.5 of one city by day, the same in all hours.
fn observed(n: i32) -> f64 {
    80.0 + 30.0 * f64::from((n * 5).rem_euclid(7) - 3) / 3.0
}

fn history() -> History {
    let first = beginning(day(0)) + 1;
    let mut history = History::empty(vec!["南京".into()], first, 24 * (ISSUES as usize + 10));
    for n in 0..ISSUES + 10 {
        day(n).hours().for_each(|hour| history.set(Pollutant::Pm25, 0, hour, observed(n)));
    }
    history
}

/// A table that is off by a factor of `spread` up and down in turn, with a spread of its own.
fn table(name: &str, spread: f64, salt: i32) -> Table {
    let row = |n: i32| {
        let median = observed(n + 1) * (spread * f64::from((n * 3 + salt).rem_euclid(5) - 2) / 2.0).exp();
        Row {
            issue: day(n),
            city: "南京".into(),
            lead_day: 1,
            pollutant: "PM2_5".into(),
            mean: median,
            quantiles: [0.6, 0.8, 1.0, 1.2, 1.5].map(|factor| factor * median),
            range: None,
            primary: String::new(),
            p_aqi150: None,
            p_aqi200: None,
            model: name.into(),
        }
    };
    Table { name: name.into(), rows: (0..ISSUES).map(row).collect() }
}

fn made(tables: Vec<Table>, history: &History) -> Result<Consensus, GuidanceError> {
    consensus(tables, &mut DayTruth::new(history, |_| None), None, Settings::default())
}

#[test]
fn the_first_issues_are_the_equal_mean_and_later_ones_lean_to_the_better_member() {
    let history = history();
    let consensus = made(vec![table("a", 0.1, 1), table("b", 1.0, 2)], &history).unwrap();
    let first = (consensus.rows[0].quantiles[2]).ln();
    let equal =
        [table("a", 0.1, 1), table("b", 1.0, 2)].map(|table| table.rows[0].quantiles[2].ln()).iter().sum::<f64>() / 2.0;
    assert!((first - equal).abs() < 1e-9);
    let (pollutant, lead, rule) = &consensus.rules[0];
    assert_eq!((pollutant.as_str(), *lead), ("PM2_5", 1));
    assert!(rule.weights[0] > 0.6, "{:?}", rule.weights);
    assert!(consensus.rows.iter().all(|row| row.quantiles.is_sorted() && row.model == MODEL));
}

#[test]
fn nothing_of_the_issue_day_or_later_is_learned() {
    let before = history();
    let mut after = before.clone();
    for n in 40..ISSUES + 10 {
        day(n).hours().for_each(|hour| after.set(Pollutant::Pm25, 0, hour, 5.0));
    }
    let rows = |history: &History| {
        let consensus = made(vec![table("a", 0.1, 1), table("b", 1.0, 2)], history).unwrap();
        consensus.rows.into_iter().filter(|row| row.issue <= day(40)).collect::<Vec<_>>()
    };
    assert_eq!(rows(&before), rows(&after));
}

#[test]
fn a_copy_is_left_out_and_a_name_used_twice_refused() {
    let history = history();
    let copy = Table { name: "c".into(), ..table("a", 0.1, 1) };
    let consensus = made(vec![table("a", 0.1, 1), table("b", 1.0, 2), copy], &history).unwrap();
    assert_eq!(consensus.members, ["a", "b"]);
    assert!(consensus.notes[0].starts_with("J-208 c"), "{:?}", consensus.notes);
    let same = made(vec![table("a", 0.1, 1), table("a", 1.0, 2)], &history).unwrap_err();
    assert!(same.to_string().starts_with("J-115"), "{same}");
    let none = Table { name: "e".into(), rows: vec![] };
    assert!(made(vec![none], &history).unwrap_err().to_string().starts_with("J-114"));
}

#[test]
fn a_member_that_stops_leaves_the_others_and_is_told() {
    let history = history();
    let mut short = table("b", 0.3, 2);
    short.rows.truncate(30);
    let consensus = made(vec![table("a", 0.3, 1), short], &history).unwrap();
    assert_eq!(consensus.rows.len(), ISSUES as usize);
    assert!(consensus.notes[0].starts_with("J-213 b: 30 of 60 rows"), "{:?}", consensus.notes);
}

#[test]
fn an_index_row_gets_range_primary_and_probabilities() {
    let row = |name: &str, index: f64, primary: &str, p: f64| Row {
        pollutant: "AQI".into(),
        quantiles: [index - 20.0, index - 10.0, index, index + 10.0, index + 20.0],
        mean: index,
        primary: primary.into(),
        p_aqi150: Some(p),
        p_aqi200: None,
        ..Table::clone(&table(name, 0.1, 0)).rows[0].clone()
    };
    let tables = vec![
        Table { name: "a".into(), rows: vec![row("a", 90.0, "PM2_5", 0.2)] },
        Table { name: "b".into(), rows: vec![row("b", 110.0, "PM2_5", 0.4)] },
        Table { name: "c".into(), rows: vec![row("c", 100.0, "O3", 0.3)] },
    ];
    let history = history();
    let out = &made(tables, &history).unwrap().rows[0];
    let expected = ["100.0", "80", "90", "100", "110", "120", "85", "115", "PM2_5", "0.3000", "", MODEL];
    assert_eq!(out.cells()[4..], expected);
}

#[test]
fn rows_survive_writing_and_reading_and_bad_ones_are_counted() {
    let rows = table("a", 0.1, 1).rows;
    let line = |row: &Row| row.cells().join(",");
    let text = format!("{}\n{}\n2018-01-09,南京,1,PM2_5,9,9,8,7,6,5,,,,,,x\n", COLUMNS.join(","), line(&rows[0]));
    let (read, told) = read_rows(text.as_bytes()).unwrap();
    assert_eq!((read.len(), line(&read[0])), (1, line(&rows[0])));
    assert!(told.unwrap().contains("line 3"));
    let short = "issue_date,city,lead_day,pollutant,mean,q05\n";
    assert!(read_rows(short.as_bytes()).unwrap_err().to_string().contains("q25"));
}
