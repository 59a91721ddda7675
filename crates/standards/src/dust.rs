use crate::StandardsError;
use crate::document::{Document, File, embed, load_family};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use units::{BeijingDay, SiteCode};

static CONVENTIONS: LazyLock<(Document, Vec<DustConvention>)> =
    LazyLock::new(|| load_family(&[embed!("sand-dust-2017.toml")], load).remove(0));

/// How days of sand-dust weather enter an evaluation (沙尘扣除口径).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DustConvention {
    /// The id results are labelled with, for example `bulletin`.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Whether PM10 and PM2.5 of dust days enter means, percentiles and the composite index.
    pub particles: Particles,
    /// How dust days enter the day counts.
    pub days: DayCounts,
    /// How sure the source is.
    pub confidence: String,
}

/// What becomes of PM10 and PM2.5 of a dust day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Particles {
    /// They enter the means.
    Keep,
    /// They do not.
    Exclude,
}

/// What becomes of a dust day in the good-day ratio and the heavy days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayCounts {
    /// It counts as it is.
    Keep,
    /// It is not counted when it is not good.
    RemoveExceedances,
    /// Its index is taken from the other four pollutants.
    WithoutParticles,
}

impl DustConvention {
    /// All conventions; the first keeps everything.
    pub fn all() -> &'static [DustConvention] {
        &CONVENTIONS.1
    }

    /// By id; refuses `S-103` with the known ones.
    pub fn by_id(id: &str) -> Result<&'static DustConvention, StandardsError> {
        let known = || Self::all().iter().map(|one| one.id.as_str()).collect::<Vec<_>>().join(", ");
        Self::all()
            .iter()
            .find(|one| one.id == id)
            .ok_or_else(|| StandardsError::UnknownConvention(id.to_string(), known()))
    }

    /// Sand-dust kept: what was measured counts.
    pub fn kept() -> &'static DustConvention {
        &Self::all()[0]
    }

    /// The document that introduced the exclusion.
    pub fn document() -> &'static Document {
        &CONVENTIONS.0
    }
}

/// The days on which an area was under decided sand-dust weather (认定的沙尘日).
#[derive(Clone, Debug, Default)]
pub struct DustDays(BTreeMap<SiteCode, BTreeSet<BeijingDay>>);

impl DustDays {
    /// Marks a day of an area.
    pub fn insert(&mut self, area: SiteCode, day: BeijingDay) {
        self.0.entry(area).or_default().insert(day);
    }

    /// Whether a day of an area is marked.
    pub fn contains(&self, area: &SiteCode, day: BeijingDay) -> bool {
        self.0.get(area).is_some_and(|days| days.contains(&day))
    }

    /// Whether no day of any area is marked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Deserialize)]
struct Body {
    convention: toml::Spanned<Vec<DustConvention>>,
}

fn load(file: &File) -> Result<(Document, Vec<DustConvention>), StandardsError> {
    let (document, body): (Document, Body) = file.read()?;
    let kept = |one: &DustConvention| (one.particles, one.days) == (Particles::Keep, DayCounts::Keep);
    if !body.convention.as_ref().first().is_some_and(kept) {
        return Err(file.refuse(body.convention.span(), "the first convention must keep everything"));
    }
    Ok((document, body.convention.into_inner()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions_are_found_by_id_and_an_unknown_one_is_told_the_known() {
        assert_eq!(DustConvention::by_id("bulletin").unwrap().days, DayCounts::Keep);
        assert_eq!(DustConvention::kept().id, "dust-kept");
        let error = DustConvention::by_id("none").unwrap_err().to_string();
        assert!(error.starts_with("S-103") && error.contains("assessment"), "{error}");
    }
}
