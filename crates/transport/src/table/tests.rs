use super::*;
use proptest::prelude::*;

const HEADER: &str = "city,day,pollutant,region,sector,precursor,value,unit,relative_uncertainty,trusted_share,status";
const ROW: &str = "320100,2018-01-15,PM2_5,320300,power,SO2,0.25,ug/m3 per t/d,0.5,0.3,model";

fn csv(rows: &[&str]) -> Vec<u8> {
    [&[HEADER], rows].concat().join("\n").into_bytes()
}

fn told(rows: &[&str]) -> String {
    read_csv(&csv(rows), &[]).unwrap_err().to_string()
}

fn matrix(imported: Imported) -> Matrix {
    match imported {
        Imported::Matrix(matrix) => matrix,
        Imported::Contributions(_) => panic!("a matrix was expected"),
    }
}

#[test]
fn tonnes_become_kilograms_and_the_table_comes_back() {
    let (imported, notes) = read_csv(&csv(&[ROW, &ROW.replace("SO2", "NOx")]), &[]).unwrap();
    assert_eq!(notes, []);
    let mut written = vec![];
    write_csv(&imported, &mut written).unwrap();
    assert_eq!(read_csv(&written, &[]).unwrap().0, imported);
    let mut columnar = vec![];
    write_parquet(&imported, &mut columnar).unwrap();
    assert!(is_parquet(&columnar));
    assert_eq!(read_parquet(&columnar, &[]).unwrap().0, imported);
    assert_eq!(matrix(imported).cells()[0].response.value.0, 0.25e-3);
}

#[test]
fn contributions_background_and_totals_come_back_too() {
    let rows = "kind,city,day,pollutant,region,sector,precursor,value,unit,status\n\
        contribution,320100,2018-01-15,PM2_5,320300,power,SO2,12.5,ug/m3,model\n\
        background,320100,2018-01-15,PM2_5,,boundary,,20,ug/m3,model\n\
        total,320100,2018-01-15,PM2_5,,,,80,ug/m3,model";
    let (imported, _) = read_csv(rows.as_bytes(), &[]).unwrap();
    let mut columnar = vec![];
    write_parquet(&imported, &mut columnar).unwrap();
    assert_eq!(read_parquet(&columnar, &[]).unwrap().0, imported);
    let Imported::Contributions(found) = imported else { panic!("contributions were expected") };
    assert_eq!((found.rows.len(), found.totals.len()), (2, 1));
}

#[test]
fn every_wrong_cell_is_refused_with_line_and_column() {
    for (from, to, said) in [
        ("0.25", "NaN", "X-109 line 2, column value"),
        ("0.25", "a lot", "X-112 line 2, column value: \"a lot\""),
        ("320100", "32010", "X-112 line 2, column city: \"32010\""),
        ("2018-01-15", "2018-02-30", "X-112 line 2, column day"),
        ("PM2_5", "PM1", "X-112 line 2, column pollutant"),
        ("SO2", "O3", "X-112 line 2, column precursor: \"O3\" is none of SO2"),
        ("ug/m3 per t/d", "ppb", "X-106 line 2, column unit: a response is in \"ppb\""),
        (",0.5,", ",-0.5,", "X-112 line 2, column relative_uncertainty: \"-0.5\" is negative"),
        (",0.3,", ",0,", "X-112 line 2, column trusted_share"),
        (",0.3,", ",1.2,", "X-112 line 2, column trusted_share"),
        (",model", ",certain", "X-112 line 2, column status"),
        (",SO2,0.25", ",PM2_5,-0.25", "X-110 line 2"),
    ] {
        let row = ROW.replacen(from, to, 1);
        let found = told(&[&row]);
        assert!(found.starts_with(said), "{row}: {found}");
    }
    assert!(told(&[ROW, &ROW.replace("model", "indicative")]).starts_with("X-205"));
    assert!(told(&[ROW, ROW]).starts_with("X-111"));
    assert!(told(&[]).starts_with("X-101"));
    assert!(told(&[ROW, "320100,2018-01-15"]).starts_with("X-112 line 3"));
}

#[test]
fn a_city_that_was_not_asked_for_is_named() {
    let known = ["320300".parse().unwrap()];
    let found = read_csv(&csv(&[ROW]), &known).unwrap_err().to_string();
    assert_eq!(found, "X-108 line 2, column city: the city \"320100\" is not known here");
}

#[test]
fn a_missing_column_is_named_and_an_unknown_one_noted() {
    let missing = String::from_utf8(csv(&[ROW])).unwrap().replace("unit", "units");
    assert_eq!(read_csv(missing.as_bytes(), &[]).unwrap_err().to_string(), "X-113 the column \"unit\" is missing");
    let more = format!("{HEADER},colour\n{ROW},red");
    let notes = read_csv(more.as_bytes(), &[]).unwrap().1;
    assert_eq!(notes[0].to_string(), "X-407 the column \"colour\" means nothing here and was ignored");
}

#[test]
fn a_table_that_does_not_say_what_it_is_counts_as_indicative() {
    let silent = String::from_utf8(csv(&[ROW])).unwrap().replace(",status", "").replace(",model", "");
    let (imported, notes) = read_csv(silent.as_bytes(), &[]).unwrap();
    assert_eq!(matrix(imported).origin().status, crate::Status::Indicative);
    assert!(notes[0].to_string().starts_with("X-406"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn changed_bytes_of_a_parquet_file_are_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let (imported, _) = read_csv(&csv(&[ROW]), &[]).unwrap();
        let mut bytes = vec![];
        write_parquet(&imported, &mut bytes).unwrap();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        // That it returns at all is what is tested.
        drop(read_parquet(&bytes, &[]));
    }

    #[test]
    fn changed_bytes_of_a_csv_file_are_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = csv(&[ROW, &ROW.replace("320100", "320200")]);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        drop(read_csv(&bytes, &[]));
    }
}
