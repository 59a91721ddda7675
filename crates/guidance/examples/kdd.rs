//! The back-test on the KDD Cup 2018 members: `cargo run --release -p qingkong-guidance --example kdd -- DATA_DIR`.
//!
//! `DATA_DIR` holds `forecast/kdd2018_submissions/submit_*.csv[.gz]` and `air/kdd2018/*_aq.csv.gz`, `bj_*`, `ld_*`.
//! Issues after 12 May 2018 are scored with weights of the issues up to it; without any, each issue from the sixth
//! on is scored with weights of those before it.

use forecast::{History, HistoryBuilder};
use guidance::backtest::{Learning, run, table};
use guidance::consensus::Settings;
use guidance::import::kdd;
use guidance::{Member, Request, read};
use std::error::Error;
use std::path::Path;

const YEAR: i32 = 2018;

fn main() -> Result<(), Box<dyn Error>> {
    let dir = std::env::args_os().nth(1).ok_or("usage: kdd DATA_DIR")?;
    let dir = Path::new(&dir);
    let (submissions, truth) = (submissions(dir)?, truth(dir)?);
    let bound = "2018-05-15T00:00:00Z".parse()?;
    let later = submissions.iter().filter(|member| member.run >= bound).count();
    let learning = if later > 0 { Learning::Until(bound) } else { Learning::Rolling };
    println!("{} issues, {} stations, {learning:?}", submissions.len(), truth.cities.len());
    println!("{}", table(&run(&submissions, &truth, learning, Settings::default())));
    Ok(())
}

/// The first member of every issue.
fn submissions(dir: &Path) -> Result<Vec<Member>, Box<dyn Error>> {
    let mut members = vec![];
    for entry in std::fs::read_dir(dir.join("forecast/kdd2018_submissions"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some((issue, 0)) = kdd::issue_of_name(&name, YEAR) {
            members.extend(read(&std::fs::read(&path)?, &Request { run: Some(issue), ..Request::default() })?);
        }
    }
    members.sort_by_key(|member| member.run);
    Ok(members)
}

fn truth(dir: &Path) -> Result<History, Box<dyn Error>> {
    let mut builder = HistoryBuilder::default();
    let mut files: Vec<_> = std::fs::read_dir(dir.join("air/kdd2018"))?.collect::<Result<_, _>>()?;
    files.sort_by_key(|file| file.path());
    for file in files {
        observe::import::read_path(&file.path(), &mut |record| {
            if let observe::Record::Hour(o) = record {
                if let Some(value) = o.reading.usable() {
                    builder.set(o.site.as_str(), o.pollutant, o.hour, value.to_f64(o.pollutant.unit()));
                }
            }
            Ok(())
        })?;
    }
    builder.finish().ok_or_else(|| "no observations".into())
}
