//! Hand-worked timelines, one a line: the 24-hour AQI of one city in runs `hours x index`, then what each edition says.
//!
//! The first column ends at 21:00 of 13 January 2018. `2018` and `2024` are the national plans. Blocks are 24 hours, so a
//! run of `n` hours above a bound covers `n + 23` hours of air: 1 is one whole block, 25 are two adjacent blocks.

use units::{BeijingHour, WarningLevel};
use warn::{Indexed, Plan, check_indexed};

const TIMELINES: &str = "
# course                                          2018    2024    what
23x0 1x200 96x0                                   none    none    exactly 200 is not above 200
23x0 1x201 96x0                                   none    yellow  one block above 200
23x0 24x151 73x0                                  none    none    47 hours above 150
23x0 25x151 72x0                                  none    yellow  exactly 48 hours above 150
23x0 25x150 72x0                                  none    none    48 hours at exactly 150
23x0 48x151 49x0                                  none    yellow  71 hours above 150
23x0 49x151 48x0                                  none    orange  exactly 72 hours above 150
23x0 24x201 73x0                                  none    yellow  47 hours above 200
23x0 25x201 72x0                                  yellow  orange  exactly 48 hours above 200
23x0 48x201 49x0                                  yellow  orange  71 hours above 200
23x0 49x201 48x0                                  orange  orange  exactly 72 hours above 200, none above 300
23x0 49x301 48x0                                  orange  red     72 hours above 300
23x0 48x201 1x301 48x0                            orange  red     the 72nd hour brings the block above 300
23x0 48x201 1x300 48x0                            orange  orange  300 is not above 300
23x0 73x201 40x0                                  orange  orange  96 hours above 200
23x0 48x201 25x301 40x0                           red     red     96 hours above 200 and 48 above 300
23x0 49x201 24x301 40x0                           orange  red     96 hours above 200 and 47 above 300
23x0 1x499 96x0                                   none    yellow  one block at 499
23x0 1x500 96x0                                   red     yellow  the top of the scale: red in 2018 alone
23x0 1x201 23x0 1x201 60x0                        yellow  orange  two adjacent blocks, nothing between them above
23x0 1x201 22x0 1x201 60x0                        none    yellow  two blocks that overlap by an hour
23x0 1x201 24x0 1x201 60x0                        none    yellow  two blocks an hour apart
27x0 1x201 96x0                                   none    yellow  a block that is a calendar day
15x0 1x201 96x0                                   none    yellow  a block across midnight
";

fn indexed(course: &[&str]) -> Indexed {
    let run = |part: &&str| {
        let (hours, index) = part.split_once('x').expect("hours x index");
        vec![index.parse::<i16>().expect("an index"); hours.parse().expect("hours")]
    };
    let aqi: Vec<i16> = course.iter().flat_map(run).collect();
    let first: BeijingHour = "2018-01-13T21:00:00+08:00".parse().expect("a whole hour");
    Indexed::new(vec!["徐州".into()], first, aqi.len(), 1, aqi).expect("lengths fit")
}

#[test]
fn every_timeline_says_what_was_worked_out_by_hand() {
    let plans = ["national-2018", "national-2024"].map(|id| Plan::bundled(id).expect("bundled"));
    let lines = TIMELINES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let course: Vec<&str> = words.iter().copied().take_while(|word| word.contains('x')).collect();
        let expected = &words[course.len()..course.len() + 2];
        let said = plans
            .each_ref()
            .map(|plan| check_indexed(plan, &indexed(&course)).cities[0].level.map_or("none", WarningLevel::code));
        assert_eq!(said, [expected[0], expected[1]], "{line}");
    }
}

/// Two blocks above 200 with so many hours from the last of the first to the first of the second.
fn two_peaks(apart: usize) -> (String, String) {
    let apart = format!("{}x0", apart + 23);
    let found = check_indexed(
        &Plan::bundled("national-2024").expect("bundled"),
        &indexed(&["23x0", "1x201", &apart, "1x201", "20x0"]),
    );
    let text = |time: Option<units::Instant>| time.expect("met").to_string();
    (text(found.cities[0].start), text(found.cities[0].end))
}

#[test]
fn two_peaks_less_than_36_hours_apart_are_one_episode() {
    // First block 20:00 of the 13th to 20:00 of the 14th; 35 hours later the second begins, 07:00 of the 16th.
    assert_eq!(two_peaks(35), ("2018-01-13T20:00:00+08:00".into(), "2018-01-17T07:00:00+08:00".into()));
    assert_eq!(two_peaks(36), ("2018-01-13T20:00:00+08:00".into(), "2018-01-14T20:00:00+08:00".into()));
}
