//! Small observation files in the layout of the national network, made in the test's own folder.

use std::path::Path;

/// Hourly means of one city that stay the same for a whole day, in the order SO2, NO2, CO, O3, PM10, PM2.5.
pub struct Day {
    /// `20180116`; the labels 1 to 23 of this day and 0 of `next` are its hours.
    pub day: &'static str,
    pub next: &'static str,
    pub means: [&'static str; 6],
}

const TYPES: [&str; 6] = ["SO2", "NO2", "CO", "O3", "PM10", "PM2.5"];

/// A file with these days of one city.
pub fn city_file(city: &str, days: &[Day]) -> String {
    let mut text = format!("date,hour,type,{city}\n");
    for day in days {
        let labels = (1..24).map(|hour| (day.day, hour)).chain([(day.next, 0)]);
        for (date, hour) in labels {
            for (kind, mean) in TYPES.iter().zip(day.means) {
                text += &format!("{date},{hour},{kind},{mean}\n");
            }
        }
    }
    text
}

const GOOD: [&str; 6] = ["10", "40", "0.8", "60", "60", "35"];
const HEAVY: [&str; 6] = ["20", "80", "1.5", "20", "250", "200"];

/// Two whole days of Nanjing, one good and one heavily polluted: 288 values.
pub fn nanjing() -> String {
    let good = Day { day: "20180115", next: "20180116", means: GOOD };
    let heavy = Day { day: "20180116", next: "20180117", means: HEAVY };
    city_file("南京", &[good, heavy])
}

/// The same two days in the layout that `qingkong evaluate` reads.
pub fn nanjing_hours() -> String {
    let mut text = String::from("time,site,SO2,NO2,CO,O3,PM10,PM2_5\n");
    for hour in 1..=48 {
        let (day, means) = (15 + hour / 24, if hour <= 24 { GOOD } else { HEAVY });
        text += &format!("2018-01-{day}T{:02}:00:00+08:00,320100,{}\n", hour % 24, means.join(","));
    }
    text
}

/// Writes a file and returns nothing: scenarios name files as they are typed, relative to `folder`.
pub fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), bytes).expect("a temporary folder can be written");
}
