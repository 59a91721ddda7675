//! A past winter run again as if it were now: what would have been warned, held against what came.

use crate::sample::write;
use driver::qingkong;
use serde_json::{Value, json};
use units::{BeijingDay, BeijingHour};

const CITIES: [&str; 13] =
    ["南京", "无锡", "徐州", "常州", "苏州", "南通", "连云港", "淮安", "盐城", "扬州", "镇江", "泰州", "宿迁"];
const XUZHOU: usize = 2;
/// Ten months, enough to train on, and the episode near their end.
const DAYS: i32 = 336;

/// PM2.5 of a city: a slow wave and a scatter that differs by city; Xuzhou holds still at 40 around three days at 200.
fn pm25(day: BeijingDay, number: i32, hour: u8, city: usize) -> i32 {
    let within = |from: &str, to: &str| (from..=to).contains(&day.to_string().as_str());
    if city == XUZHOU && within("2018-01-10", "2018-01-12") {
        return 200;
    }
    if city == XUZHOU && within("2018-01-08", "2018-01-14") {
        return 40;
    }
    let scatter = |n: i32| (n * 7919 + city as i32 * 104_729) % 17;
    30 + scatter(number) + (number / 5 + city as i32) % 12 + i32::from(hour) / 8
}

/// Hourly values of all cities in the layout of the national network.
fn hours(first: BeijingDay) -> String {
    let mut text = format!("date,hour,type,{}\n", CITIES.join(","));
    for number in 0..DAYS {
        let day = first + number;
        for hour in 1..=24 {
            let label = BeijingHour::of_day(day, hour).expect("an hour of the day");
            let stamp = label.to_string();
            let (date, clock) = (stamp[..10].replace('-', ""), stamp[11..13].parse::<u8>().expect("two digits"));
            for kind in ["SO2", "NO2", "CO", "O3", "PM10", "PM2.5"] {
                text += &format!("{date},{clock},{kind}");
                for city in 0..CITIES.len() {
                    let pm25 = pm25(day, number, hour, city);
                    let value = match kind {
                        "SO2" => 10,
                        "NO2" => 40,
                        "CO" => 1,
                        "O3" => 60,
                        "PM10" => pm25 + pm25 / 3,
                        _ => pm25,
                    };
                    text += &format!(",{value}");
                }
                text.push('\n');
            }
        }
    }
    text
}

/// By hand: a 24-hour mean of 40 and 200 is above 115 (AQI 150) from twelve hours at 200 on, so the episode spans from
/// noon of the 9th to noon of the 13th, four adjacent blocks: yellow and orange, not red. Known in advance it is warned
/// at 20:00 of the 8th: its first hour, named 13:00 by its end, is the seventeenth after the issue.
#[test]
fn what_perfect_knowledge_would_have_warned_is_what_the_rules_say_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "hours.csv", hours("2017-02-20".parse().unwrap()));
    let call =
        "warn hindcast --plan national-2024 --observations hours.csv --from 2018-01-08 --to 2018-01-12 --members 20";
    let outcome = qingkong(&format!("{call} --json")).within(folder.path()).run().accepted();
    let said: Value = serde_json::from_str(&outcome.output).unwrap();
    assert_eq!((&said["issues"], &said["refused"]), (&json!(5), &json!([])));
    let (none, whole) = (
        json!({ "episodes": 0, "hits": 0, "late": 0, "misses": 0, "mean_lead_hours": null, "episode_hours": 0,
            "warned_hours": 0, "false_hours": 0 }),
        json!({ "episodes": 1, "hits": 1, "late": 0, "misses": 0, "mean_lead_hours": 17.0, "episode_hours": 96,
            "warned_hours": 96, "false_hours": 0 }),
    );
    for (place, (level, perfect)) in [("yellow", &whole), ("orange", &whole), ("red", &none)].into_iter().enumerate() {
        let told = &said["levels"][place];
        assert_eq!((&told["level"], &told["perfect"]), (&json!(level), perfect));
        let forecast = &told["forecast"];
        assert_eq!(forecast["episodes"], perfect["episodes"], "both are held against the same air: {forecast}");
        let count = |name: &str| forecast[name].as_u64().unwrap();
        assert_eq!(count("hits") + count("late") + count("misses"), count("episodes"), "{forecast}");
    }
    let xuzhou = said["levels"][0]["cities"].as_array().unwrap().iter().find(|city| city["city"] == "320300").unwrap();
    let episode = &xuzhou["episodes"][0];
    assert_eq!(
        (&episode["start"], &episode["end"]),
        (&json!("2018-01-09T13:00:00+08:00"), &json!("2018-01-13T12:00:00+08:00"))
    );
    let table = qingkong(&format!("{call} --csv")).within(folder.path()).run().accepted();
    assert_eq!(table.column("city").len(), 5 * 13, "one line an issue and city");
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "hours.csv", "date,hour,type,徐州\n");
    let call = "warn hindcast --plan national-2024 --observations hours.csv --from 2018-01-12 --to 2018-01-08";
    qingkong(call).within(folder.path()).run().refused(&["F-111", "2018-01-12"]);
}
