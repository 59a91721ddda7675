//! Trajectories, read as day means of PM2.5.

use crate::failure::Failure;
use crate::history::city_of;
use crate::line_guard::LineGuard;
use ::forecast::verification::{Author, Case, Item, JointCase, ReferenceBook};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use units::{BeijingDay, BeijingHour, Pollutant};

/// Longest lead that is read, days.
const LONGEST_LEAD: i32 = 30;

/// The courses of one issue as day means.
pub struct CourseRun {
    pub issue: BeijingDay,
    /// Places of its cities in the observations, in the order of the layout.
    pub cities: Vec<usize>,
    /// Whole days every course covers.
    pub leads: usize,
    /// `[member][city * leads + lead]`, µg/m³.
    pub members: Vec<Vec<f64>>,
}

impl CourseRun {
    /// The first `days` days ahead of the run beside what was observed and what the references say.
    pub fn joint_case(&self, book: &ReferenceBook, days: usize) -> JointCase {
        let leads = days.min(self.leads);
        let seen = |city: usize, lead: usize| {
            let day = book.seen(city, self.issue + 1 + lead as i32);
            day.and_then(|day| day.value(Item::Pollutant(Pollutant::Pm25))).unwrap_or(f64::NAN)
        };
        let of_city = |city: usize| city * self.leads..city * self.leads + leads;
        let member =
            |member: &Vec<f64>| (0..self.cities.len()).flat_map(|city| member[of_city(city)].to_vec()).collect();
        let days = self.cities.iter().flat_map(|city| (0..leads).map(move |lead| (*city, lead)));
        JointCase {
            issue: self.issue,
            author: Author::Model(String::new()),
            cities: self.cities.len(),
            leads,
            members: self.members.iter().map(member).collect(),
            seen: days.map(|(city, lead)| seen(city, lead)).collect(),
            references: book.courses(&self.cities, self.issue, leads),
        }
    }
}

/// Puts the members of the same issue, city and day behind a model's row of PM2.5.
pub fn give_members(case: &mut Case, cities: &[String], runs: &[CourseRun]) {
    let occasion = &case.occasion;
    if case.item != Item::Pollutant(Pollutant::Pm25) || !matches!(occasion.author, Author::Model(_)) {
        return;
    }
    let Ok(run) = runs.binary_search_by_key(&occasion.issue, |run| run.issue).map(|place| &runs[place]) else { return };
    let lead = usize::from(occasion.lead_day) - 1;
    let Some(place) = run.cities.iter().position(|city| cities[*city] == occasion.city) else { return };
    if lead < run.leads {
        case.said.members = run.members.iter().map(|member| member[place * run.leads + lead]).collect();
        case.said.members.sort_by(f64::total_cmp);
    }
}

/// Reads files of courses, issues in order; refuses `F-113` a missing column, `F-114` a cell and `F-133` a run whose
/// courses do not fit together or that stands in two files. Cities without observations are left out and told.
pub fn read(paths: &[PathBuf], cities: &[String]) -> Result<Vec<CourseRun>, Failure> {
    let mut all: Vec<CourseRun> = vec![];
    for path in paths {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|cause| Failure::refused(format_args!("{name}: {cause}")))?;
        let (runs, unknown) = read_from(&name, file, cities)?;
        if !unknown.is_empty() {
            eprintln!("{name}: cities without observations are not scored: {}", unknown.join(", "));
        }
        if let Some(twice) = runs.iter().find(|run| all.iter().any(|other| other.issue == run.issue)) {
            let reason = "stands in an earlier file too";
            return Err(Failure::refused(format_args!("F-133 {name}: the run of {} {reason}", twice.issue)));
        }
        all.extend(runs);
    }
    all.sort_by_key(|run| run.issue);
    Ok(all)
}

/// Sum and count of the hours of each day ahead.
type Days = Vec<(f64, u32)>;

/// Day sums by issue, then city and member: a file of a whole hindcast is far larger than its day means.
#[derive(Default)]
struct Sums {
    runs: BTreeMap<BeijingDay, BTreeMap<(usize, u32), Days>>,
}

fn read_from(name: &str, source: impl Read, cities: &[String]) -> Result<(Vec<CourseRun>, Vec<String>), Failure> {
    let failed = |cause: csv::Error| Failure::refused(format_args!("{name}: {cause}"));
    let mut reader = csv::Reader::from_reader(LineGuard::new(source));
    let header = reader.headers().map_err(failed)?.clone();
    let place = |column: &str| header.iter().position(|cell| cell.trim_start_matches('\u{feff}').trim() == column);
    let needed = |column: &str| {
        place(column).ok_or_else(|| Failure::refused(format_args!("F-113 {name}: column {column} is missing")))
    };
    let (member, city, time, value) = (needed("member")?, needed("city")?, needed("time")?, needed("PM2_5")?);
    let issue = place("issue_date");
    let (mut sums, mut hours, mut places) = (Sums::default(), HashMap::new(), HashMap::new());
    let (mut record, mut first) = (csv::StringRecord::new(), None);
    while reader.read_record(&mut record).map_err(failed)? {
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |n: usize| record.get(n).unwrap_or_default().trim();
        let wrong = |n: usize| Failure::refused(format_args!("F-114 {name} line {line}: {} {:?}", &header[n], cell(n)));
        // The same few hundred times and cities stand in millions of rows.
        let hour = *known(&mut hours, cell(time), |text| text.parse::<BeijingHour>().ok());
        let hour = hour.ok_or_else(|| wrong(time))?;
        let Some(city) = *known(&mut places, cell(city), |text| city_of(cities, text)) else { continue };
        let issue = match issue {
            Some(column) => cell(column).parse::<BeijingDay>().map_err(|_| wrong(column))?,
            None => *first.get_or_insert(hour.day()),
        };
        let member = cell(member).parse::<u32>().map_err(|_| wrong(member))?;
        let pm25 = cell(value).parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| wrong(value))?;
        let lead = hour.day() - issue;
        if !(0..=LONGEST_LEAD).contains(&lead) {
            return Err(wrong(time));
        }
        sums.add(issue, city, member, lead, pm25);
    }
    let unknown: Vec<String> = places.into_iter().filter(|(_, place)| place.is_none()).map(|(name, _)| name).collect();
    Ok((sums.finish(name)?, sorted(unknown)))
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn known<'a, T>(map: &'a mut HashMap<String, T>, text: &str, of: impl Fn(&str) -> T) -> &'a T {
    if !map.contains_key(text) {
        map.insert(text.to_string(), of(text));
    }
    &map[text]
}

impl Sums {
    fn add(&mut self, issue: BeijingDay, city: usize, member: u32, lead: i32, value: f64) {
        // The evening of the issue day belongs to no day that is forecast.
        let Some(lead) = usize::try_from(lead - 1).ok() else { return };
        let days = self.runs.entry(issue).or_default().entry((city, member)).or_default();
        if days.len() <= lead {
            days.resize(lead + 1, (0.0, 0));
        }
        days[lead] = (days[lead].0 + value, days[lead].1 + 1);
    }

    fn finish(self, name: &str) -> Result<Vec<CourseRun>, Failure> {
        let whole = |(issue, courses)| {
            let run = run(issue, &courses);
            run.ok_or_else(|| {
                Failure::refused(format_args!("F-133 {name}: the run of {issue} lacks members in a city"))
            })
        };
        self.runs.into_iter().map(whole).collect()
    }
}

/// The whole days all courses cover; `None` where the cities have not the same members.
fn run(issue: BeijingDay, courses: &BTreeMap<(usize, u32), Days>) -> Option<CourseRun> {
    let mut cities: Vec<usize> = courses.keys().map(|(city, _)| *city).collect();
    cities.dedup();
    let members: Vec<u32> = courses.keys().filter(|(city, _)| Some(city) == cities.first()).map(|key| key.1).collect();
    if courses.len() != cities.len() * members.len() {
        return None;
    }
    let whole = |days: &Days| days.iter().take_while(|day| day.1 == 24).count();
    let leads = courses.values().map(whole).min().unwrap_or(0);
    let course = |member: u32| -> Option<Vec<f64>> {
        let of = |city: &usize| courses.get(&(*city, member)).map(|days| days[..leads].iter().map(|day| day.0 / 24.0));
        Some(cities.iter().map(of).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
    };
    let members = members.into_iter().map(course).collect::<Option<_>>()?;
    Some(CourseRun { issue, cities, leads, members })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a course from the evening of 2018-01-01 on: `value` through the first day, double on the second.
    fn course(member: u32, city: &str, value: f64, hours: i64) -> String {
        let first: BeijingHour = "2018-01-01T21:00:00+08:00".parse().unwrap();
        let of = |n: i64| value * if n < 28 { 1.0 } else { 2.0 };
        (0..hours).map(|n| format!("{member},{city},{},{}\n", first + n, of(n))).collect()
    }

    fn read_text(rows: &str) -> Result<(Vec<CourseRun>, Vec<String>), String> {
        let cities = ["320100".to_string(), "320300".to_string()];
        read_from("t.csv", format!("member,city,time,PM2_5\n{rows}").as_bytes(), &cities).map_err(|e| e.to_string())
    }

    #[test]
    fn hours_become_day_means_of_whole_days() {
        let rows: String = [
            course(1, "徐州", 40.0, 60),
            course(1, "南京", 10.0, 60),
            course(2, "南京", 20.0, 60),
            course(2, "徐州", 50.0, 60),
        ]
        .concat();
        let (runs, unknown) = read_text(&rows).unwrap();
        let run = &runs[0];
        assert_eq!((run.issue.to_string(), run.leads, run.cities.clone()), ("2018-01-01".into(), 2, vec![0, 1]));
        assert_eq!(run.members, [[10.0, 20.0, 40.0, 80.0], [20.0, 40.0, 50.0, 100.0]]);
        assert!(unknown.is_empty());
    }

    #[test]
    fn a_city_that_lacks_a_member_is_refused_by_issue() {
        let rows = [course(1, "南京", 10.0, 30), course(2, "南京", 20.0, 30), course(1, "徐州", 40.0, 30)].concat();
        assert_eq!(read_text(&rows).err().unwrap(), "F-133 t.csv: the run of 2018-01-01 lacks members in a city");
    }

    #[test]
    fn a_run_of_two_files_is_refused_and_joint_days_cut_the_courses() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let rows = [course(1, "南京", 10.0, 60), course(2, "南京", 20.0, 60)].concat();
        std::fs::write(&path, format!("member,city,time,PM2_5\n{rows}")).unwrap();
        let cities = ["320100".to_string()];
        let error = read(&[path.clone(), path.clone()], &cities).err().unwrap().to_string();
        assert!(error.starts_with("F-133") && error.ends_with("the run of 2018-01-01 stands in an earlier file too"));
        let book = ReferenceBook::new(
            &::forecast::History::empty(cities.to_vec(), "2018-01-01T01:00:00+08:00".parse().unwrap(), 24),
            20,
        );
        let runs = read(&[path], &cities).unwrap();
        let of = |days: usize| (runs[0].joint_case(&book, days).leads, runs[0].joint_case(&book, days).members);
        assert_eq!(of(1), (1, vec![vec![10.0], vec![20.0]]));
        assert_eq!(of(9), (2, vec![vec![10.0, 20.0], vec![20.0, 40.0]]));
    }

    #[test]
    fn bad_cells_are_named_and_unknown_cities_told() {
        for (row, column) in [
            ("x,南京,2018-01-02T01:00:00+08:00,5", "member"),
            ("1,南京,2018-01-02,5", "time"),
            ("1,南京,2018-01-02T01:00:00+08:00,", "PM2_5"),
        ] {
            let error = read_text(row).err().unwrap();
            assert!(error.starts_with(&format!("F-114 t.csv line 2: {column}")), "{error}");
        }
        let (runs, unknown) = read_text(&course(1, "北京", 10.0, 30)).unwrap();
        assert_eq!((runs.len(), unknown), (0, vec!["北京".to_string()]));
    }
}
