//! Imports one file and says what came of it: `cargo run --release -p qingkong-observe --example import_file -- FILE`.
//! Under `/usr/bin/time -v` it shows that memory doesn't grow with the file.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file: PathBuf = std::env::args_os().nth(1).ok_or("usage: import_file FILE")?.into();
    let report = observe::import::read_path(&file, &mut |_| Ok(()))?;
    println!(
        "{} rows of {}, {} values kept, {} missing, {} refused",
        report.rows_read, report.format, report.kept, report.missing, report.refused
    );
    for refusal in report.refusals.iter().take(10) {
        println!("line {}: {} {:?}", refusal.line, refusal.reason, refusal.text);
    }
    for note in report.notes {
        println!("note: {note}");
    }
    Ok(())
}
