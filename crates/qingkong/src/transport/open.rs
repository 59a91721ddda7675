//! Files and words of the command line to what the readers need.

use crate::failure::Failure;
use crate::output::Output;
use ::transport::import::{Mask, Tags, read_sites};
use ::transport::trajectory::{Trajectory, read_tdump};
use ::transport::{City, Doubt, Imported, Note, Request, Source, SourceSite, read, table};
use observe::regions;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use units::{BeijingDay, BeijingHour, RegionCode};

/// Largest file that is read.
const MOST_BYTES: u64 = 2 << 30;

/// What files of models do not say themselves.
#[derive(clap::Args)]
pub struct Given {
    /// 城市 · receptors: names or codes, joined by commas; Jiangsu's cities without it
    #[arg(long, value_delimiter = ',', value_name = "CITY,…")]
    pub cities: Vec<String>,
    /// 标签表 · `tag,region[,sector,stack,precursor,pollutant]`
    #[arg(long, value_name = "FILE")]
    pub tags: Option<PathBuf>,
    /// 排放源 · `region,sector,stack,lon,lat,height_m` and kg/d by precursor
    #[arg(long, value_name = "FILE")]
    pub sources: Option<PathBuf>,
    /// 城市掩膜 · a mask file of the same grid; without it the nearest cell stands for a city
    #[arg(long, value_name = "FILE")]
    pub mask: Option<PathBuf>,
    /// Days that an annual mean is to stand for
    #[arg(long, value_delimiter = ',', value_name = "DAY,…")]
    pub days: Vec<BeijingDay>,
    /// Start of the run (or hour of a footprint's receptor), in place of what the file says
    #[arg(long, value_name = "TIME")]
    pub run: Option<BeijingHour>,
    /// Name of the model, in place of the layout's
    #[arg(long, value_name = "NAME")]
    pub model: Option<String>,
    /// 相对不确定度 · standard deviation over value of the responses
    #[arg(long, default_value_t = Request::DOUBT.relative_uncertainty, value_name = "SHARE")]
    pub uncertainty: f64,
    /// 可信减排比例 · share of an emission up to which a cut counts as linear
    #[arg(long, default_value_t = Request::DOUBT.trusted_share, value_name = "SHARE")]
    pub trusted: f64,
}

/// The same, opened.
pub struct Open<'g> {
    given: &'g Given,
    cities: Vec<City>,
    tags: Option<Tags>,
    pub sites: Vec<SourceSite>,
    mask: Option<Mask>,
}

impl Given {
    /// Opens the files. Refuses by the file's name.
    pub fn open(&self) -> Result<Open<'_>, Failure> {
        let refuse = |path: &Path, cause: ::transport::TransportError| {
            Failure::refused(format_args!("{}: {cause}", path.display()))
        };
        let tags = self.tags.as_deref().map(|path| Tags::read_csv(&bytes(path)?).map_err(|cause| refuse(path, cause)));
        let sites = self.sources.as_deref().map(|path| read_sites(&bytes(path)?).map_err(|cause| refuse(path, cause)));
        let city_of = |name: &str| region_of(name).map(|region| region.code);
        let mask = self.mask.as_deref().map(|path| -> Result<Mask, Failure> {
            let (mask, notes) = Mask::read(&bytes(path)?, city_of).map_err(|cause| refuse(path, cause))?;
            notes.iter().for_each(|told| note(&path.display().to_string(), told));
            Ok(mask)
        });
        Ok(Open {
            given: self,
            cities: cities(&self.cities)?,
            tags: tags.transpose()?,
            sites: sites.transpose()?.unwrap_or_default(),
            mask: mask.transpose()?,
        })
    }

    /// Doubt of the responses.
    pub fn doubt(&self) -> Doubt {
        Doubt { relative_uncertainty: self.uncertainty, trusted_share: self.trusted }
    }
}

impl Open<'_> {
    /// As a request without a release.
    pub fn request(&self) -> Request<'_> {
        Request {
            cities: &self.cities,
            mask: self.mask.as_ref(),
            tags: self.tags.as_ref(),
            sites: &self.sites,
            days: &self.given.days,
            run: self.given.run,
            model: self.given.model.as_deref(),
            doubt: Some(self.given.doubt()),
            ..Request::default()
        }
    }
}

/// The bytes of a file; `-` is standard input. Refuses what is too large.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let refuse = |cause: io::Error| Failure::refused(format_args!("{}: {cause}; nothing was read", path.display()));
    let source: Box<dyn Read> = match path {
        path if path == Path::new("-") => Box::new(io::stdin()),
        path => Box::new(std::fs::File::open(path).map_err(refuse)?),
    };
    let mut whole = vec![];
    source.take(MOST_BYTES + 1).read_to_end(&mut whole).map_err(refuse)?;
    if whole.len() as u64 > MOST_BYTES {
        return Err(refuse(io::Error::other(format!("more than {MOST_BYTES} bytes"))));
    }
    Ok(whole)
}

/// Reads one file of a model and tells its notes.
pub fn read_one(path: &Path, request: &Request<'_>) -> Result<Imported, Failure> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let found = read(&bytes(path)?, &Request { file: &name, ..request.clone() });
    let (imported, notes) =
        found.map_err(|cause| Failure::refused(format_args!("{}: {cause}; nothing was written", path.display())))?;
    notes.iter().for_each(|told| note(&name, told));
    Ok(imported)
}

/// A region by code or name; English names also without an apostrophe, as variables of netCDF have them, where only one city is meant.
fn region_of(name: &str) -> Option<&'static regions::Region> {
    let plain = |text: &str| text.replace('\'', "").to_lowercase();
    let english = || {
        let mut same = regions::all().iter().filter(|region| plain(&region.name_en) == plain(name));
        same.next().filter(|_| same.next().is_none())
    };
    regions::by_code_text(name).or_else(|| regions::by_name(name)).or_else(english)
}

/// One note on standard error.
pub fn note(name: &str, told: &Note) {
    eprintln!("{name}: {told}");
}

/// Cities by name or code; Jiangsu's when none is named.
pub fn cities(names: &[String]) -> Result<Vec<City>, Failure> {
    let city = |region: &regions::Region| City { code: region.code, lon: region.lon, lat: region.lat };
    if names.is_empty() {
        let jiangsu: RegionCode = "320000".parse()?;
        return Ok(regions::cities_of(jiangsu).map(city).collect());
    }
    let one = |name: &String| {
        region_of(name)
            .map(city)
            .ok_or_else(|| Failure::refused(format_args!("X-108 --cities: the city {name:?} is not known here")))
    };
    names.iter().map(one).collect()
}

/// `REGION[/SECTOR[/STACK]]`.
pub fn source(text: &str) -> Result<Source, Failure> {
    let mut parts = text.splitn(3, '/');
    let region = parts.next().unwrap_or_default().parse()?;
    let mut next = || parts.next().unwrap_or_default().to_string();
    Ok(Source { region, sector: next(), stack: next() })
}

/// Trajectories of `CITY=FILE`.
pub fn trajectories(words: &[String]) -> Result<Vec<(RegionCode, Trajectory)>, Failure> {
    let mut found = vec![];
    for word in words {
        let (city, path) =
            word.split_once('=').ok_or_else(|| Failure::refused(format_args!("--trajectory {word}: not CITY=FILE")))?;
        let city = cities(&[city.to_string()])?[0].code;
        let read = read_tdump(&bytes(Path::new(path))?);
        let read = read.map_err(|cause| Failure::refused(format_args!("{path}: {cause}")))?;
        found.extend(read.into_iter().map(|trajectory| (city, trajectory)));
    }
    Ok(found)
}

/// Writes the long form: Parquet when the name ends so, else CSV.
pub fn write(imported: &Imported, path: Option<&Path>) -> Result<(), Failure> {
    let mut output = Output::create(path)?;
    if path.is_some_and(|path| path.extension().is_some_and(|end| end == "parquet")) {
        let mut whole = vec![];
        table::write_parquet(imported, &mut whole)?;
        output.write_all(&whole)?;
    } else {
        table::write_csv(imported, &mut output)?;
    }
    output.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_two_cities_share_is_nobodys() {
        let code = |name: &str| region_of(name).map(|region| region.code.to_string());
        assert_eq!(code("Maanshan").as_deref(), Some("340500"));
        assert_eq!(code("南京").as_deref(), Some("320100"));
        assert_eq!((code("Suzhou"), code("Atlantis")), (None, None));
    }

    #[test]
    fn sources_are_told_by_region_sector_and_stack() {
        let told = |text: &str| source(text).map(|source| source.to_string());
        assert_eq!(told("320300/power/A/1").unwrap(), "320300/power/A/1");
        assert_eq!(told("320300").unwrap(), "320300");
        assert!(told("3203/power").is_err());
    }
}
