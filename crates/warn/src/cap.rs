//! The issued documents of a warning as messages of the Common Alerting Protocol 1.2.
//!
//! Identifiers follow GB/T 35965.1-2018: region, sector, unit, extension, moment of entry, sequence.

use crate::{Change, CityBasis, Issued, WarnError, Warning, basis::Basis};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;
use units::{Instant, RegionCode, WarningLevel};

const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";
const EVENT: (&str, &str) = ("重污染天气", "Heavy air pollution");

/// Who sends (发布单位).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Region of the issuing body, GB/T 2260.
    pub region: RegionCode,
    /// Sector of GB/T 4657, three digits.
    pub sector: String,
    /// Unit, three digits; `000` where there is no division.
    pub unit: String,
    /// Extension, two digits.
    pub extension: String,
    /// The sender as machines know it, a domain or an address, without spaces and commas.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Where people read more.
    pub web: Option<String>,
}

/// The outline of a region: rings of longitude and latitude, WGS 84 degrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// GB/T 2260.
    pub code: RegionCode,
    /// Rings, each closed or not; CAP wants them closed, latitude first.
    pub rings: Vec<Vec<(f64, f64)>>,
}

/// One issued document as a CAP message (`Alert`, `Update` or `Cancel`), `number` counted from 1.
///
/// An exercise has status `Exercise`, `test` makes it `Test`. Refuses `W-501` a document that was not issued and `W-502` a
/// sender that cannot be written.
pub fn cap(warning: &Warning, number: usize, sender: &Sender, areas: &[Area], test: bool) -> Result<String, WarnError> {
    let issued = issued(warning, number)?;
    let message = Message { warning, issued, sender, areas, test, identifier: identifier(warning, number, sender)? };
    let references = (1..number)
        .map(|before| {
            Ok(format!("{},{},{}", sender.id, identifier(warning, before, sender)?, warning.issued[before - 1].at))
        })
        .collect::<Result<Vec<String>, WarnError>>()?;
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    message.write(&mut writer, &references.join(" ")).expect("a vector takes every byte");
    Ok(String::from_utf8(writer.into_inner()).expect("what was written are strings"))
}

/// The identifier of an issued document: 31 characters. Refuses `W-501` and `W-502`.
pub fn identifier(warning: &Warning, number: usize, sender: &Sender) -> Result<String, WarnError> {
    let issued = issued(warning, number)?;
    let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let plain = !sender.id.is_empty() && !sender.id.contains([' ', ',', '<', '&']);
    if !digits(&sender.sector, 3) || !digits(&sender.unit, 3) || !digits(&sender.extension, 2) || !plain {
        return Err(WarnError::BadSender);
    }
    // Documents of one second are told apart by the sequence, which has one digit.
    let before = warning.issued[..number - 1].iter().filter(|other| other.at == issued.at).count();
    let moment: String = issued.at.to_string().chars().take(19).filter(char::is_ascii_digit).collect();
    let Sender { region, sector, unit, extension, .. } = sender;
    Ok(format!("{region}{sector}{unit}{extension}_{moment}_{}", before.min(9)))
}

fn issued(warning: &Warning, number: usize) -> Result<&Issued, WarnError> {
    number.checked_sub(1).and_then(|place| warning.issued.get(place)).ok_or(WarnError::NotIssued(number))
}

struct Message<'a> {
    warning: &'a Warning,
    issued: &'a Issued,
    sender: &'a Sender,
    areas: &'a [Area],
    test: bool,
    identifier: String,
}

type Xml = Writer<Vec<u8>>;

impl Message<'_> {
    fn write(&self, writer: &mut Xml, references: &str) -> io::Result<()> {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        writer.create_element("alert").with_attribute(("xmlns", NAMESPACE)).write_inner_content(|writer| {
            text(writer, "identifier", &self.identifier)?;
            text(writer, "sender", &self.sender.id)?;
            text(writer, "sent", &self.issued.at.to_string())?;
            text(writer, "status", self.status())?;
            text(writer, "msgType", self.kind())?;
            text(writer, "source", &self.sender.name)?;
            text(writer, "scope", if self.warning.exercise { "Restricted" } else { "Public" })?;
            if self.warning.exercise {
                text(writer, "restriction", "演练，仅限内部。Exercise, not to leave the house.")?;
            }
            if let Some(note) = self.note() {
                text(writer, "note", &note)?;
            }
            if !references.is_empty() {
                text(writer, "references", references)?;
            }
            text(writer, "incidents", &self.warning.code)?;
            self.info(writer, Language::Chinese)?;
            self.info(writer, Language::English)
        })?;
        Ok(())
    }

    fn status(&self) -> &'static str {
        match (self.warning.exercise, self.test) {
            (true, _) => "Exercise",
            (false, true) => "Test",
            (false, false) => "Actual",
        }
    }

    fn kind(&self) -> &'static str {
        match self.issued.draft.change {
            Change::Issue => "Alert",
            Change::Raise | Change::Lower | Change::Extend => "Update",
            Change::Lift | Change::Withdraw => "Cancel",
        }
    }

    fn note(&self) -> Option<String> {
        let exercise = self.warning.exercise.then(|| "演练。Exercise.".to_string());
        let mistake = self.issued.draft.change == Change::Withdraw;
        let mistake = mistake.then(|| format!("此前发布有误，现予撤回：{}", self.issued.draft.reason));
        let parts: Vec<String> = [exercise, mistake].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn info(&self, writer: &mut Xml, language: Language) -> io::Result<()> {
        let (draft, terms) = (&self.issued.draft, &self.issued.draft.terms);
        let ends = draft.change.ends();
        let expires = if ends { end_of_cancel(self.issued.at) } else { terms.end };
        writer.create_element("info").write_inner_content(|writer| {
            text(writer, "language", language.of("zh-CN", "en-US"))?;
            text(writer, "category", "Env")?;
            text(writer, "category", "Met")?;
            text(writer, "event", language.of(EVENT.0, EVENT.1))?;
            text(writer, "responseType", if ends { "AllClear" } else { self.response() })?;
            text(writer, "urgency", if ends { "Past" } else { self.urgency() })?;
            text(writer, "severity", severity(terms.level))?;
            text(writer, "certainty", self.certainty())?;
            text(writer, "effective", &self.issued.at.to_string())?;
            text(writer, "onset", &terms.start.to_string())?;
            text(writer, "expires", &expires.to_string())?;
            text(writer, "senderName", language.of(&self.sender.name, &self.sender.name_en))?;
            text(writer, "headline", &self.headline(language))?;
            text(writer, "description", &self.description(language))?;
            if let Some(web) = &self.sender.web {
                text(writer, "web", web)?;
            }
            for (name, value) in self.parameters(language) {
                named(writer, "parameter", name, &value)?;
            }
            for code in &terms.cities {
                self.area(writer, language, *code)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn response(&self) -> &'static str {
        if self.issued.draft.terms.start <= self.issued.at { "Execute" } else { "Prepare" }
    }

    /// Begun: now; within a day: soon; later: in the future.
    fn urgency(&self) -> &'static str {
        let start = self.issued.draft.terms.start.to_utc().signed_duration_since(self.issued.at.to_utc());
        match start.num_minutes() {
            ..=0 => "Immediate",
            1..=1440 => "Expected",
            _ => "Future",
        }
    }

    /// Already heavy somewhere: observed; at least as likely as not: likely.
    fn certainty(&self) -> &'static str {
        let draft = &self.issued.draft;
        let cities = || cities(&draft.basis, draft);
        if cities().any(|city| city.late) {
            "Observed"
        } else if cities().all(|city| city.probability(draft.terms.level).get() >= 0.5) {
            "Likely"
        } else {
            "Possible"
        }
    }

    fn headline(&self, language: Language) -> String {
        let (draft, level) = (&self.issued.draft, self.issued.draft.terms.level);
        let names: Vec<&str> = cities(&draft.basis, draft).map(|c| language.of(&c.name, &c.name_en)).collect();
        let exercise = if self.warning.exercise { language.of("【演练】", "[EXERCISE] ") } else { "" };
        match language {
            Language::Chinese => {
                format!("{exercise}{}重污染天气{}预警：{}", draft.change.name(), level.name(), names.join("、"))
            }
            Language::English => {
                format!(
                    "{exercise}{} heavy-pollution warning, {}: {}",
                    draft.change.as_str(),
                    level.code(),
                    names.join(", ")
                )
            }
        }
    }

    fn description(&self, language: Language) -> String {
        let (terms, basis) = (&self.issued.draft.terms, &self.issued.draft.basis);
        let (cause, cause_en) = terms.cause.names();
        let (response, response_en) = basis.response(terms.cause).words();
        match language {
            Language::Chinese => format!(
                "文号 {}。{} 起至 {}，成因{cause}，{response}。依据{}（{}）和 {} 起报的预报。",
                self.issued.document, terms.start, terms.end, basis.plan.title, basis.plan.version, basis.run.issue
            ),
            Language::English => format!(
                "Document {}. From {} to {}; {cause_en}; {response_en}. By {} ({}) and the forecast of {}.",
                self.issued.document, terms.start, terms.end, basis.plan.title_en, basis.plan.version, basis.run.issue
            ),
        }
    }

    fn parameters(&self, language: Language) -> Vec<(&'static str, String)> {
        let (draft, terms) = (&self.issued.draft, &self.issued.draft.terms);
        let names: Vec<&str> = cities(&draft.basis, draft).map(|c| language.of(&c.name, &c.name_en)).collect();
        let highest = cities(&draft.basis, draft).flat_map(|city| &city.course).filter_map(|point| point.q50).max();
        let mut all = vec![
            ("WarningLevel", terms.level.code().to_string()),
            ("Document", self.issued.document.clone()),
            ("Digest", self.issued.digest.clone()),
            ("Start", terms.start.to_string()),
            ("End", terms.end.to_string()),
            ("Cities", names.join(language.of("、", ", "))),
            ("Plan", format!("{} {}", draft.basis.plan.id, draft.basis.plan.version)),
            ("Standard", draft.basis.standard.clone()),
        ];
        all.extend(highest.map(|aqi| ("HighestMedianAQI24", aqi.to_string())));
        all
    }

    fn area(&self, writer: &mut Xml, language: Language, code: RegionCode) -> io::Result<()> {
        let city = self.issued.draft.basis.city(code);
        let name = city.map_or_else(|| code.to_string(), |c| language.of(&c.name, &c.name_en).to_string());
        writer.create_element("area").write_inner_content(|writer| {
            text(writer, "areaDesc", &name)?;
            for ring in self.areas.iter().filter(|area| area.code == code).flat_map(|area| &area.rings) {
                if let Some(polygon) = polygon(ring) {
                    text(writer, "polygon", &polygon)?;
                }
            }
            named(writer, "geocode", "GB/T2260", &code.to_string())
        })?;
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Language {
    Chinese,
    English,
}

impl Language {
    fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

fn cities<'a>(basis: &'a Basis, draft: &'a crate::Draft) -> impl Iterator<Item = &'a CityBasis> {
    draft.terms.cities.iter().filter_map(|code| basis.city(*code))
}

fn severity(level: WarningLevel) -> &'static str {
    match level {
        WarningLevel::Yellow => "Moderate",
        WarningLevel::Orange => "Severe",
        WarningLevel::Red => "Extreme",
    }
}

/// A cancellation is shown for two days.
fn end_of_cancel(at: Instant) -> Instant {
    Instant::from_utc(at.to_utc() + chrono::TimeDelta::hours(48))
}

/// `lat,lon lat,lon …`, closed; `None` for what is no ring.
fn polygon(ring: &[(f64, f64)]) -> Option<String> {
    let on_earth = |(lon, lat): &(f64, f64)| lon.abs() <= 180.0 && lat.abs() <= 90.0;
    let (first, last) = (ring.first()?, ring.last()?);
    if ring.len() < 3 || !ring.iter().all(on_earth) {
        return None;
    }
    let closing = (first != last).then_some(first);
    let points: Vec<String> = ring.iter().chain(closing).map(|(lon, lat)| format!("{lat:.4},{lon:.4}")).collect();
    (points.len() >= 4).then(|| points.join(" "))
}

fn text(writer: &mut Xml, name: &str, value: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(value))?;
    Ok(())
}

fn named(writer: &mut Xml, element: &str, name: &str, value: &str) -> io::Result<()> {
    writer.create_element(element).write_inner_content(|writer| {
        text(writer, "valueName", name)?;
        text(writer, "value", value)
    })?;
    Ok(())
}
