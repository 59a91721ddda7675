//! The way from a row to the receiver: duplicates, range, unit, counts, refusals.

use super::cell::{Cell, Content, MISSING_MARKS};
use super::seen::{Fnv, Seen, SeenRows};
use crate::quality::is_out_of_range;
use crate::report::MAX_REFUSALS;
use crate::{
    DayBasis, DayObservation, ImportReport, Observation, ObserveError, Record, Refusal, RowFault, SinkError, SiteInfo,
};
use units::{BeijingDay, BeijingHour, Concentration, Flag, MassUnit, Missing, Pollutant, Reading, SiteCode};

/// Fewer CO values than this say nothing about their unit.
const CO_VALUES_TO_JUDGE: u64 = 24;

/// Receives what an importer finds and keeps its report.
pub(super) struct Emit<'s> {
    file: String,
    sink: &'s mut dyn FnMut(Record) -> Result<(), SinkError>,
    report: ImportReport,
    seen: SeenRows,
    marks: [bool; MISSING_MARKS.len()],
    co: CoCheck,
}

#[derive(Default)]
struct CoCheck {
    total: u64,
    doubtful: u64,
    unit: Option<MassUnit>,
}

impl<'s> Emit<'s> {
    pub(super) fn new(
        file: &str,
        format: &'static str,
        sink: &'s mut dyn FnMut(Record) -> Result<(), SinkError>,
    ) -> Self {
        let report = ImportReport { format, source: format.to_string(), ..ImportReport::default() };
        let marks = [false; MISSING_MARKS.len()];
        Emit { file: file.to_string(), sink, report, seen: SeenRows::default(), marks, co: CoCheck::default() }
    }

    /// Names the series the values belong to, where it isn't the layout's id.
    pub(super) fn source(&mut self, source: &str) {
        self.report.source = source.to_string();
    }

    /// Counts a data row.
    pub(super) fn row(&mut self) {
        self.report.rows_read += 1;
    }

    /// States a trap and how it was handled, once.
    pub(super) fn note(&mut self, text: &str) {
        if !self.report.notes.iter().any(|note| note == text) {
            self.report.notes.push(text.to_string());
        }
    }

    /// Lists a refused row (no column) or cell.
    pub(super) fn refuse(&mut self, line: u64, column: Option<&str>, fault: RowFault, text: &str) {
        self.refuse_many(1, line, column, fault, text);
    }

    /// Lists one refusal that stands for `count` rows or cells.
    pub(super) fn refuse_many(&mut self, count: u64, line: u64, column: Option<&str>, fault: RowFault, text: &str) {
        self.report.refused += count;
        if self.report.refusals.len() < MAX_REFUSALS {
            self.report.refusals.push(Refusal {
                line,
                column: column.map(str::to_string),
                reason: fault.to_string(),
                text: text.chars().take(120).collect(),
            });
        }
    }

    /// Hands on a row of one site and hour, unless it repeats one; bad cells are refused one by one.
    pub(super) fn hour(
        &mut self,
        line: u64,
        site: &SiteCode,
        hour: BeijingHour,
        cells: &[Cell<'_>],
    ) -> Result<(), ObserveError> {
        let contents: Vec<Content> = cells.iter().map(Cell::content).collect();
        if !self.is_new(line, site.as_str(), hour.index(), &contents) {
            return Ok(());
        }
        for (cell, content) in cells.iter().zip(contents) {
            if let Some(reading) = self.reading(line, cell, content) {
                let observation = Observation { site: site.clone(), pollutant: cell.pollutant, hour, reading };
                self.send(Record::Hour(observation))?;
            }
        }
        Ok(())
    }

    /// Hands on a row of one site and hour whose six contents, in pollutant order, are numbers already.
    pub(super) fn contents(
        &mut self,
        line: u64,
        site: &SiteCode,
        hour: BeijingHour,
        contents: &[Content; 6],
    ) -> Result<(), ObserveError> {
        if !self.is_new(line, site.as_str(), hour.index(), contents) {
            return Ok(());
        }
        for (pollutant, content) in Pollutant::ALL.into_iter().zip(contents) {
            let cell = Cell { pollutant, unit: pollutant.unit(), column: pollutant.code(), text: "" };
            self.value(line, site, hour, &cell, *content)?;
        }
        Ok(())
    }

    /// Hands on a row of one site and day; the basis is per pollutant.
    pub(super) fn day(
        &mut self,
        line: u64,
        site: &SiteCode,
        day: BeijingDay,
        cells: &[(Cell<'_>, DayBasis)],
    ) -> Result<(), ObserveError> {
        let contents: Vec<Content> = cells.iter().map(|(cell, _)| cell.content()).collect();
        if !self.is_new(line, site.as_str(), i64::from(day.index()), &contents) {
            return Ok(());
        }
        for ((cell, basis), content) in cells.iter().zip(contents) {
            if let Some(reading) = self.reading(line, cell, content) {
                let (site, pollutant, basis) = (site.clone(), cell.pollutant, *basis);
                self.send(Record::Day(DayObservation { site, pollutant, day, basis, reading }))?;
            }
        }
        Ok(())
    }

    /// Hands on a site.
    pub(super) fn site(&mut self, line: u64, site: SiteInfo) -> Result<(), ObserveError> {
        let on_earth = (-180.0..=180.0).contains(&site.lon) && (-90.0..=90.0).contains(&site.lat);
        if !on_earth {
            self.refuse(line, None, RowFault::Coordinate, &format!("{} {}", site.lon, site.lat));
            return Ok(());
        }
        let place = Fnv::new().add(&site.lon.to_bits().to_le_bytes()).add(&site.lat.to_bits().to_le_bytes());
        // Sites share the table of rows under a key no hour can have, with the place as their value.
        match self.seen.check(Fnv::new().add(b"site\0").add(site.code.as_str().as_bytes()).get(), i64::MIN, place.get())
        {
            Seen::First => {
                self.report.sites += 1;
                self.send(Record::Site(site))
            }
            Seen::Same => Ok(()),
            Seen::Different => {
                self.note("a site has several positions in the file; the first was kept");
                Ok(())
            }
        }
    }

    /// Hands on one value of a layout that checks repeats of its rows itself with [`Emit::is_new`].
    pub(super) fn value(
        &mut self,
        line: u64,
        site: &SiteCode,
        hour: BeijingHour,
        cell: &Cell<'_>,
        content: Content,
    ) -> Result<(), ObserveError> {
        match self.reading(line, cell, content) {
            Some(reading) => {
                let observation = Observation { site: site.clone(), pollutant: cell.pollutant, hour, reading };
                self.send(Record::Hour(observation))
            }
            None => Ok(()),
        }
    }

    /// Whether a row of `series` at `time` is the first; counts a repeat, lists a conflict.
    pub(super) fn is_new(&mut self, line: u64, series: &str, time: i64, contents: &[Content]) -> bool {
        let values = contents.iter().fold(Fnv::new(), |hash, content| match content {
            Content::Value(value) => hash.add(&value.picograms().to_le_bytes()),
            Content::Missing(_) | Content::Fault(_) => hash.add(b"-"),
        });
        match self.seen.check(Fnv::new().add(series.as_bytes()).get(), time, values.get()) {
            Seen::First => true,
            Seen::Same => {
                self.report.duplicates += 1;
                false
            }
            Seen::Different => {
                self.refuse(line, None, RowFault::Conflict, series);
                false
            }
        }
    }

    fn reading(&mut self, line: u64, cell: &Cell<'_>, content: Content) -> Option<Reading> {
        match content {
            Content::Missing(mark) => {
                self.marks[mark] = true;
                self.report.missing += 1;
                Some(Reading::Missing(Missing::NotReported))
            }
            Content::Fault(fault) => {
                self.refuse(line, Some(cell.column), fault, cell.text);
                None
            }
            Content::Value(value) => Some(self.judged(cell, value)),
        }
    }

    fn judged(&mut self, cell: &Cell<'_>, value: Concentration) -> Reading {
        self.report.kept += 1;
        if cell.pollutant == Pollutant::Co {
            self.co.add(cell.unit, value);
        }
        if is_out_of_range(cell.pollutant, value) {
            self.report.flagged += 1;
            return Reading::Invalid(value, Flag::OutOfRange);
        }
        Reading::Valid(value)
    }

    fn send(&mut self, record: Record) -> Result<(), ObserveError> {
        (self.sink)(record).map_err(|source| ObserveError::Sink { file: self.file.clone(), source })
    }

    /// The report; refuses `O-109` when the CO values belong to another unit.
    pub(super) fn finish(mut self) -> Result<ImportReport, ObserveError> {
        if let Some(unit) = self.co.unit.filter(|_| self.co.is_doubtful()) {
            let (doubtful, total) = (self.co.doubtful, self.co.total);
            return Err(ObserveError::UnitDoubtful { file: self.file, unit: unit.label(), doubtful, total });
        }
        let marks = MISSING_MARKS.iter().zip(self.marks).filter(|(mark, met)| *met && !mark.is_empty());
        let marks: Vec<String> = marks.map(|(mark, _)| format!("{mark:?}")).collect();
        if !marks.is_empty() {
            self.note(&format!("read as missing: {}", marks.join(", ")));
        }
        if self.seen.forgot() {
            self.note("too many sites to compare all rows: repeats far apart are left to the store");
        }
        Ok(self.report)
    }
}

impl CoCheck {
    /// Counts a value that no air holds in the layout's unit: above 60 mg/m³, or between 0 and 20 µg/m³.
    fn add(&mut self, unit: MassUnit, value: Concentration) {
        self.unit = Some(unit);
        self.total += 1;
        let doubtful = match unit {
            MassUnit::Milligram => value > Concentration::micrograms(60_000),
            MassUnit::Microgram => value > Concentration::ZERO && value < Concentration::micrograms(20),
        };
        self.doubtful += u64::from(doubtful);
    }

    fn is_doubtful(&self) -> bool {
        self.total >= CO_VALUES_TO_JUDGE && self.doubtful * 2 > self.total
    }
}
