use super::*;

fn table(text: &str) -> Result<Table<&[u8]>, TableError> {
    Table::new("x.csv", text.as_bytes())
}

/// The first refusal met in a table, reading every cell.
fn refusal(bytes: &[u8]) -> String {
    fn read(bytes: &[u8]) -> Result<(), TableError> {
        let mut table = Table::new("x.csv", bytes)?;
        while let Some(row) = table.next_row()? {
            row.hour()?;
            row.site()?;
            for item in 0..ITEMS.len() {
                row.concentration(item)?;
            }
        }
        Ok(())
    }
    read(bytes).unwrap_err().to_string()
}

const HOUR: &str = "2018-01-13T08:00:00+08:00";

#[test]
fn cells_are_values_missing_or_not_monitored() {
    let text = format!("site,CO,time,PM2_5,SO2,NO2,O3\n320100,2.2,{HOUR},,NA,/,0\n");
    let mut table = table(&text).unwrap();
    let row = table.next_row().unwrap().unwrap();
    let cells = [0, 1, 2, 3, 4, 6].map(|item| row.concentration(item).unwrap());
    let co = Cell::Value(Concentration::micrograms(2200));
    let zero = Cell::Value(Concentration::ZERO);
    assert_eq!(cells, [Cell::Missing, Cell::NotMonitored, co, zero, Cell::Missing, Cell::Missing]);
    assert_eq!((row.hour().unwrap().label(), row.site().unwrap().as_str(), row.line), (8, "320100", 2));
}

#[test]
fn a_missing_column_is_refused_by_name() {
    assert!(refusal(b"site,SO2\n").contains("line 1: column \"time\" is missing"));
    assert!(refusal(b"time,SO2\n").contains("column \"site\" is missing"));
    assert!(refusal(b"time,site,RH\n").contains("none of the columns"));
    assert!(refusal(b"time,site,SO2,SO2\n").contains("\"SO2\" stands there twice"));
    assert_eq!(refusal(b""), "S-302 x.csv line 1: the file is empty");
}

#[test]
fn a_bad_cell_is_refused_with_line_and_column() {
    let cell = |cell: &str| refusal(format!("time,site,SO2,CO\n{HOUR},a,1,1\n{HOUR},a,1,{cell}\n").as_bytes());
    assert_eq!(cell("12a"), "S-304 x.csv line 3, column CO: U-101 not a number: \"12a\"");
    assert!(cell("-0.1").contains("line 3, column CO: negative concentration -0.1"));
    assert!(cell("1000000000").contains("beyond any ambient air (the most accepted is 1000 mg/m³)"));
    assert!(cell("1e300").contains("U-102") && cell("NaN").contains("U-101") && cell("1,5").contains("5 cells"));
    assert!(refusal(b"time,site,SO2\n2018-02-30T01:00:00+08:00,a,1\n").contains("line 2, column time: U-501"));
    assert!(refusal(b"time,site,SO2\n2018-01-13T08:30:00+08:00,a,1\n").contains("U-503"));
    assert!(refusal(format!("time,site,SO2\n{HOUR},,1\n").as_bytes()).contains("column site: U-402"));
}

#[test]
fn what_is_no_table_is_refused_without_being_swallowed() {
    assert!(refusal(&[0x1f, 0x8b, 8, 0, 0, 0]).contains("gzip"));
    assert!(refusal(&[0, 159, 146, 150, 0, 1, 2]).contains("\"time\" is missing"));
    let commas = ",".repeat(3 << 20);
    assert!(refusal(commas.as_bytes()).contains("longer than 1 MiB"));
    let mut gbk = format!("time,site,SO2\n{HOUR},").into_bytes();
    gbk.extend([0xc4, 0xcf, 0xbe, 0xa9, b',', b'1', b'\n']);
    assert!(refusal(&gbk).contains("line 2: not UTF-8"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_harmless() {
    let text = format!("\u{feff}time,site,SO2\r\n{HOUR},a,7\r\n");
    let mut table = table(&text).unwrap();
    assert_eq!(table.columns().names, ["time", "site", "SO2"]);
    let row = table.next_row().unwrap().unwrap();
    assert_eq!(row.concentration(0).unwrap(), Cell::Value(Concentration::micrograms(7)));
}

#[test]
fn columns_beyond_the_layout_are_listed() {
    let table = table("time,RH,site,SO2,city,wind\n").unwrap();
    assert_eq!(table.columns().unknown(), ["RH", "wind"]);
    assert!(table.columns().has(0) && !table.columns().has(O3_8H));
}

#[test]
fn a_file_that_is_not_there_is_refused_by_name() {
    let error = open(Path::new("/nowhere/x.csv")).map(|_| ()).unwrap_err().to_string();
    assert!(error.starts_with("S-301 /nowhere/x.csv: "), "{error}");
}
