use super::amount::{Score, TenThousandYuan};
use crate::LedgerError;
use crate::input::{self, bad};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most candidates of one reserve; a provincial reserve has some hundred.
pub const MOST_PROJECTS: usize = 5000;

/// The candidates and rules of one selection (专项资金储备), as in `qingkong-fund/1`. Money in 10⁴ yuan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reserve {
    /// What there is to spend.
    pub budget: TenThousandYuan,
    /// Most that capacity building (能力建设) may take of the budget, 0 to 1.
    #[serde(default)]
    pub capacity_share: Option<f64>,
    /// Least that a city gets.
    #[serde(default, deserialize_with = "input::map_of_once")]
    pub city_floor: BTreeMap<String, TenThousandYuan>,
    /// Most that a city gets.
    #[serde(default, deserialize_with = "input::map_of_once")]
    pub city_cap: BTreeMap<String, TenThousandYuan>,
    /// The candidates.
    pub projects: Vec<Project>,
    /// Keys of the file that have no meaning here and were not read.
    #[serde(skip)]
    pub unread: Vec<String>,
}

/// One candidate (储备项目).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// Its id; once in a reserve.
    pub id: String,
    /// The city that gets the money, by the name that floors and caps use.
    pub city: String,
    /// Money asked for.
    pub amount: TenThousandYuan,
    /// Benefit by the review.
    pub score: Score,
    /// Whether it is capacity building.
    #[serde(default)]
    pub capacity: bool,
    /// Whether it could start: its papers are complete (前期成熟).
    pub ready: bool,
    /// Whether it is chosen whatever its score (必保).
    #[serde(default)]
    pub must: bool,
    /// Ids of candidates that can't be chosen beside it; one side is enough.
    #[serde(default)]
    pub excludes: Vec<String>,
}

impl Reserve {
    /// Reads and checks a reserve; refuses `L-301` to `L-305` with the path into the file.
    pub fn read(text: &str) -> Result<Reserve, LedgerError> {
        let (mut reserve, unread): (Reserve, _) = input::read(text)?;
        reserve.unread = unread;
        reserve.check()?;
        Ok(reserve)
    }

    /// The place of every id; refuses what [`Reserve::read`] refuses.
    pub(crate) fn check(&self) -> Result<HashMap<&str, usize>, LedgerError> {
        if self.projects.len() > MOST_PROJECTS {
            return Err(LedgerError::TooManyRows { at: "projects", found: self.projects.len(), most: MOST_PROJECTS });
        }
        if let Some(share) = self.capacity_share.filter(|share| !(0.0..=1.0).contains(share)) {
            return Err(bad("capacity_share".to_string(), share, "a share between 0 and 1"));
        }
        let mut places = HashMap::with_capacity(self.projects.len());
        for (place, project) in self.projects.iter().enumerate() {
            for (field, text) in [("id", &project.id), ("city", &project.city)] {
                if text.trim().is_empty() || text.len() > 200 || text.chars().any(char::is_control) {
                    let at = format!("projects[{place}].{field}");
                    return Err(bad(
                        at,
                        format_args!("{:?}", text.chars().take(40).collect::<String>()),
                        "a text of 1 to 200 bytes without control characters",
                    ));
                }
            }
            if places.insert(project.id.as_str(), place).is_some() {
                return Err(LedgerError::RepeatedId { at: format!("projects[{place}].id"), id: project.id.clone() });
            }
        }
        for (place, project) in self.projects.iter().enumerate() {
            for (n, id) in project.excludes.iter().enumerate() {
                let at = format!("projects[{place}].excludes[{n}]");
                if *id == project.id {
                    return Err(bad(at, format_args!("{id:?}"), "another project"));
                }
                if !places.contains_key(id.as_str()) {
                    return Err(LedgerError::UnknownReference { at, what: "project", id: id.clone() });
                }
            }
        }
        let cities: HashSet<&str> = self.projects.iter().map(|project| project.city.as_str()).collect();
        if let Some(city) = self.city_floor.keys().find(|city| !cities.contains(city.as_str())) {
            let at = format!("city_floor.{city}");
            return Err(LedgerError::UnknownReference { at, what: "project of the city", id: city.clone() });
        }
        Ok(places)
    }
}
