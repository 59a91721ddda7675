//! Submissions and observations of the KDD Cup 2018 from a data folder; also used by `cargo xtask corpus`.

use forecast::{History, HistoryBuilder};
use guidance::backtest::Learning;
use guidance::import::kdd;
use guidance::{Member, Request, read};
use std::error::Error;
use std::path::{Path, PathBuf};
use units::BeijingHour;

type Failure = Box<dyn Error + Send + Sync>;
const YEAR: i32 = 2018;

/// The first member of every issue.
pub fn submissions(dir: &Path) -> Result<Vec<Member>, Failure> {
    let mut members = vec![];
    for path in sorted(&dir.join("forecast/kdd2018_submissions"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some((issue, 0)) = kdd::issue_of_name(&name, YEAR) {
            members.extend(read(&std::fs::read(&path)?, &Request { run: Some(issue), ..Request::default() })?);
        }
    }
    Ok(members)
}

/// All hours of the stations.
pub fn truth(dir: &Path) -> Result<History, Failure> {
    let mut builder = HistoryBuilder::default();
    for path in sorted(&dir.join("air/kdd2018"))? {
        observe::import::read_path(&path, &mut |record| {
            let observe::Record::Hour(o) = record else { return Ok(()) };
            if let Some(value) = o.reading.usable() {
                builder.set(o.site.as_str(), o.pollutant, o.hour, value.to_f64(o.pollutant.unit()));
            }
            Ok(())
        })?;
    }
    builder.finish().ok_or_else(|| "no observations".into())
}

/// Issues after 12 May 2018 are scored with weights of what was over by the 15th; without any, each from the sixth on
/// with weights of what was over before it.
pub fn learning(submissions: &[Member]) -> Learning {
    // 2018-05-15 00:00 UTC
    let bound = BeijingHour::from_index(17_666 * 24 + 8);
    if submissions.iter().any(|member| member.run >= bound) { Learning::Until(bound) } else { Learning::Rolling }
}

/// Files of a folder by name.
pub fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}
