//! Cuts in, falls of concentration out; attribution tables.

use super::open::{bytes, note, read_one};
use crate::failure::Failure;
use crate::output::{Output, cell};
use ::transport::attribute::Line;
use ::transport::{Cut, Imported, Precursor, Request, Source};
use std::io::Write;
use std::path::Path;
use units::KilogramPerDay;

const CUTS: [&str; 6] = ["region", "sector", "stack", "precursor", "cut_kg_d", "base_kg_d"];
const REQUIRED: [usize; 3] = [0, 3, 4];

/// `transport respond`.
pub fn respond(matrix: &Path, cuts: &Path, output: Option<&Path>) -> Result<(), Failure> {
    let Imported::Matrix(matrix) = read_one(matrix, &Request::default())? else {
        return Err(Failure::refused(format_args!(
            "{}: contributions, not responses; `import --responses` makes them",
            matrix.display()
        )));
    };
    let asked =
        read_cuts(&bytes(cuts)?).map_err(|cause| Failure::refused(format_args!("{}: {cause}", cuts.display())))?;
    let answer =
        matrix.respond(&asked).map_err(|cause| Failure::refused(format_args!("{}: {cause}", cuts.display())))?;
    answer.notes.iter().for_each(|told| note("respond", told));
    let mut output = Output::create(output)?;
    let mut writer = csv::Writer::from_writer(&mut output);
    writer.write_record(["city", "day", "pollutant", "fall_ug_m3", "deviation_ug_m3", "status", "basis", "model"])?;
    let origin = matrix.origin();
    for (receptor, change) in &answer.changes {
        let (city, day) = (receptor.city.to_string(), receptor.day.to_string());
        let [fall, deviation] = [change.fall_ug_m3, change.deviation_ug_m3].map(|value| format!("{value:.4}"));
        let (status, basis) = (origin.status.code(), origin.basis.code());
        writer.write_record([
            &city,
            &day,
            receptor.pollutant.code(),
            &fall,
            &deviation,
            status,
            basis,
            &origin.model,
        ])?;
    }
    writer.flush()?;
    drop(writer);
    output.finish()
}

fn read_cuts(bytes: &[u8]) -> Result<Vec<Cut>, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers()?.clone();
    let place = CUTS.map(|column| header.iter().position(|name| name == column));
    if let Some(missing) = REQUIRED.into_iter().find(|column| place[*column].is_none()) {
        return Err(Failure::refused(format_args!("X-113 the column {:?} is missing", CUTS[missing])));
    }
    let mut cuts = vec![];
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |column: usize| place[column].and_then(|at| record.get(at)).unwrap_or_default();
        let refuse = |column: usize, why: &dyn std::fmt::Display| {
            Failure::refused(format_args!("X-112 line {line}, column {}: {:?} {why}", CUTS[column], text(column)))
        };
        let number =
            |column: usize| text(column).parse::<f64>().map(KilogramPerDay).map_err(|cause| refuse(column, &cause));
        let region = text(0).parse().map_err(|cause: units::CodeError| refuse(0, &cause))?;
        let precursor: Precursor = text(3).parse().map_err(|cause: String| refuse(3, &cause))?;
        let base = if text(5).is_empty() { None } else { Some(number(5)?) };
        let source = Source { region, sector: text(1).to_string(), stack: text(2).to_string() };
        cuts.push(Cut { source, precursor, cut: number(4)?, base });
    }
    Ok(cuts)
}

/// An attribution table as CSV.
pub fn write_lines(lines: &[Line], output: &mut impl Write) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(["city", "day", "pollutant", "group", "ug_m3", "share"])?;
    for line in lines {
        let (city, day) = (line.receptor.city.to_string(), line.receptor.day.to_string());
        let (part, share) = (format!("{:.4}", line.ug_m3), cell(line.share.map(|share| format!("{share:.4}"))));
        writer.write_record([&city, &day, line.receptor.pollutant.code(), &line.group, &part, &share])?;
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_are_read_and_wrong_ones_named_by_line_and_column() {
        let cuts = read_cuts(b"region,precursor,cut_kg_d,base_kg_d\n320300,SO2,100,400\n320100,NOx,5,\n").unwrap();
        assert_eq!((cuts.len(), cuts[0].base.map(|base| base.0), cuts[1].base), (2, Some(400.0), None));
        let told = |text: &str| read_cuts(text.as_bytes()).unwrap_err().to_string();
        assert!(told("region,precursor\n").starts_with("X-113 the column \"cut_kg_d\""));
        assert!(told("region,precursor,cut_kg_d\n3203,SO2,1\n").starts_with("X-112 line 2, column region"));
        assert!(told("region,precursor,cut_kg_d\n320300,O3,1\n").starts_with("X-112 line 2, column precursor"));
        assert!(told("region,precursor,cut_kg_d\n320300,SO2,many\n").starts_with("X-112 line 2, column cut_kg_d"));
    }
}
