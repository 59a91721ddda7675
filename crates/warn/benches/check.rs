//! Time of one plan check: 13 cities × 124 hours × 1,000 members × 3 levels. Prints milliseconds; asserts nothing.

use forecast::Trajectories;
use std::time::Instant;
use units::BeijingHour;
use warn::{Plan, check};

fn main() {
    let plan = Plan::bundled("national-2024").expect("bundled");
    for (name, scale) in [("clean", 40.0), ("episode", 160.0)] {
        let courses = courses(scale);
        let mut times: Vec<f64> = (0..7)
            .map(|_| {
                let begun = Instant::now();
                let found = check(&plan, &courses, None).expect("lengths fit");
                assert_eq!(found.cities.len(), 13);
                begun.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!(
            "warn check, {name}: 13 cities x 124 h x 1000 members: median {:.1} ms, best {:.1} ms",
            times[3], times[0]
        );
    }
}

/// Smooth waves whose height differs by member and city, µg/m³.
fn courses(scale: f64) -> Trajectories {
    let (members, cities, hours) = (1000, 13, 124);
    let value = |n: usize| {
        let (member, city, hour) = (n / (cities * hours), n / hours % cities, n % hours);
        let height = scale * (0.5 + member as f64 / members as f64) * (0.9 + 0.02 * city as f64);
        (height * (1.0 + 0.4 * (hour as f64 / 19.0 + member as f64).sin())) as f32
    };
    let pm25 = (0..members * cities * hours).map(value).collect();
    let cities = (0..cities).map(|city| format!("{city}")).collect();
    let first_hour = "2018-01-13T21:00:00+08:00".parse::<BeijingHour>().expect("a time");
    Trajectories::of_pm25(cities, first_hour, hours, members, pm25)
}
