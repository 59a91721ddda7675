use super::amounts::{Amounts, Precursor};
use super::phrase::{Action, Clause};
use serde::{Deserialize, Serialize};
use std::fmt;
use units::{BeijingDay, KilogramPerDay, RegionCode, Share, TonnePerYear, WarningLevel};

/// A performance grade (绩效等级).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    /// A+, picked among A (2026).
    #[serde(rename = "A+")]
    APlus,
    /// A.
    A,
    /// 引领性: leading, where an industry has no A to D.
    #[serde(rename = "leading")]
    Leading,
    /// B.
    B,
    /// B-.
    #[serde(rename = "B-")]
    BMinus,
    /// C.
    C,
    /// D.
    D,
    /// 非引领性: not leading.
    #[serde(rename = "non-leading")]
    NonLeading,
}

impl Grade {
    /// All of them, the best first.
    pub const ALL: [Grade; 8] =
        [Grade::APlus, Grade::A, Grade::Leading, Grade::B, Grade::BMinus, Grade::C, Grade::D, Grade::NonLeading];

    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Grade::APlus => "A+",
            Grade::A => "A",
            Grade::Leading => "引领性",
            Grade::B => "B",
            Grade::BMinus => "B-",
            Grade::C => "C",
            Grade::D => "D",
            Grade::NonLeading => "非引领性",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A grade under one scheme; an entry holds one a scheme, side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graded {
    /// Id of the scheme, such as `grading-2020`.
    pub scheme: String,
    /// The grade.
    pub grade: Grade,
    /// 地方: by a local standard.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
    /// Day of the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<BeijingDay>,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

/// What an entry does at one level (应急减排措施).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// At which level.
    pub level: WarningLevel,
    /// As the list words it.
    pub text: String,
    /// What the words order.
    pub clauses: Vec<Clause>,
    /// The cut that the list itself states, kg/day.
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    pub stated_cut: Amounts<KilogramPerDay>,
    /// By what it is checked (核查指标): power, feed, vehicles, online monitoring.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub indicator: String,
    /// 10⁴ CNY per day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_wan_yuan: Option<f64>,
}

impl Measure {
    /// The largest share of the plant's load that its clauses take away; `None` when no clause says one.
    pub fn share(&self) -> Option<Share> {
        let shares = self.clauses.iter().filter_map(Clause::plant_share);
        shares.max_by(|a, b| a.get().total_cmp(&b.get()))
    }

    /// Whether the whole plant stops.
    pub fn stops(&self) -> bool {
        self.clauses.iter().any(|clause| clause.action == Action::Stop) || self.share().is_some_and(|s| s.get() >= 1.0)
    }

    /// The cut, kg/day: stated, else derived from the share of the load; what neither gives is absent.
    pub fn cut(&self, baseline: &Amounts<KilogramPerDay>) -> Amounts<KilogramPerDay> {
        let mut cut = match self.share() {
            Some(share) => baseline.map(|daily| KilogramPerDay(daily.0 * share.get())),
            None => Amounts::default(),
        };
        self.stated_cut.known().for_each(|(precursor, stated)| cut.set(precursor, stated));
        cut
    }
}

/// Where a daily baseline comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BaselineBasis {
    /// The list states it.
    Stated,
    /// Annual emission over the operating days.
    OperatingDays,
    /// Annual emission over 365 days: the list does not say how many it operates.
    CalendarDays,
    /// Neither is known.
    Unknown,
}

/// An enterprise or one of its lines on the list (清单条目).
///
/// Fields follow the national template of 5.4; what the list does not say is absent or empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its id, the same in the next edition of the list.
    pub id: String,
    /// Enterprise.
    pub name: String,
    /// City.
    pub city: RegionCode,
    /// County, where the name on the list is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<RegionCode>,
    /// County or development zone as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub county_name: String,
    /// Address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Degrees east.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Degrees north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Unified social credit code (统一社会信用代码).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub credit_code: String,
    /// Discharge permit (排污许可证编号).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub permit: String,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// Where to call.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Industry as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub industry: String,
    /// Number of the key industry in the scheme of 2020 (1 to 39), where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_industry: Option<u8>,
    /// GB/T 4754.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub industry_code: String,
    /// Production line or process (生产线/工序); empty for the whole plant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub line: String,
    /// Products and capacity.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub product: String,
    /// Fuel.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fuel: String,
    /// Treatment facilities.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub treatment: String,
    /// Days of operation in a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_days: Option<u16>,
    /// Transport vehicles a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicles_per_day: Option<u32>,
    /// Grades, one a scheme.
    #[serde(default)]
    pub grades: Vec<Graded>,
    /// Why it is in the safeguard or livelihood class (保障类/民生豁免); empty when it is not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub safeguard: String,
    /// 小微涉气: under 100 kg a year of each pollutant, no coal or oil.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub small_emitter: bool,
    /// 长期停产.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub long_stopped: bool,
    /// t/a.
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    pub annual: Amounts<TonnePerYear>,
    /// kg/day on a normal day.
    #[serde(default, skip_serializing_if = "Amounts::is_empty")]
    pub daily: Amounts<KilogramPerDay>,
    /// At most one a level.
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remarks: String,
    /// Where this record comes from: file, sheet and row.
    pub source: String,
    /// 演示: not a real record, or a real plant with assumed figures.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demonstration: bool,
}

impl Entry {
    /// An entry of which nothing but this is known.
    pub fn new(id: String, name: String, city: RegionCode, source: String) -> Entry {
        Entry {
            id,
            name,
            city,
            source,
            county: None,
            county_name: String::new(),
            address: String::new(),
            lon: None,
            lat: None,
            credit_code: String::new(),
            permit: String::new(),
            contact: String::new(),
            phone: String::new(),
            industry: String::new(),
            key_industry: None,
            industry_code: String::new(),
            line: String::new(),
            product: String::new(),
            fuel: String::new(),
            treatment: String::new(),
            operating_days: None,
            vehicles_per_day: None,
            grades: vec![],
            safeguard: String::new(),
            small_emitter: false,
            long_stopped: false,
            annual: Amounts::default(),
            daily: Amounts::default(),
            measures: vec![],
            remarks: String::new(),
            demonstration: false,
        }
    }

    /// Its grade under a scheme.
    pub fn grade(&self, scheme: &str) -> Option<&Graded> {
        self.grades.iter().find(|graded| graded.scheme == scheme)
    }

    /// Its measure at a level.
    pub fn measure(&self, level: WarningLevel) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.level == level)
    }

    /// The daily emission that cuts are counted from, kg/day by precursor, and the weakest basis among them.
    pub fn baseline(&self) -> (Amounts<KilogramPerDay>, BaselineBasis) {
        let (days, spread) = match self.operating_days {
            Some(days) if days > 0 => (days, BaselineBasis::OperatingDays),
            _ => (365, BaselineBasis::CalendarDays),
        };
        let mut baseline = self.annual.map(|annual| annual.per_day(days));
        let derived = Precursor::ALL.iter().any(|&p| self.annual.get(p).is_some() && self.daily.get(p).is_none());
        self.daily.known().for_each(|(precursor, daily)| baseline.set(precursor, daily));
        let basis = match (baseline.is_empty(), derived) {
            (true, _) => BaselineBasis::Unknown,
            (_, true) => spread,
            _ => BaselineBasis::Stated,
        };
        (baseline, basis)
    }
}

/// Which companion list a record belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanionKind {
    /// 扬尘源: construction sites, yards, roads.
    Dust,
    /// 移动源: vehicle users, machinery.
    Mobile,
}

/// A record of a companion list (扬尘源、移动源清单).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// Its id.
    pub id: String,
    /// Dust or mobile.
    pub kind: CompanionKind,
    /// Site or user.
    pub name: String,
    /// City.
    pub city: RegionCode,
    /// County or zone as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub county_name: String,
    /// Address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Area in square metres, or vehicles a day; the list's own word in `size_of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    /// What `size` counts, as the head of its column says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub size_of: String,
    /// At most one a level.
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// Where this record comes from.
    pub source: String,
    /// 演示.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demonstration: bool,
}
