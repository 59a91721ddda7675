use super::*;
use standards::evaluate::AreaKind;

fn january(values: impl Fn(usize, u8) -> String, header: &str) -> String {
    let first: BeijingDay = "2018-01-01".parse().unwrap();
    let mut text = format!("{header}\n");
    for day in 0..31 {
        for hour in (first + day as i32).hours() {
            text += &values(day, hour.label()).replace("TIME", &hour.to_string());
        }
    }
    text
}

fn read(text: &str) -> (Hours, Result<ReadCounts, String>) {
    let mut hours = Hours::new("2018-01-01".parse().unwrap(), "2018-01-31".parse().unwrap()).unwrap();
    let mut counts = ReadCounts::default();
    let table = Table::new("x.csv", text.as_bytes()).unwrap();
    let outcome = read_hours(table, &mut hours, &mut counts).map(|()| counts).map_err(|error| error.to_string());
    (hours, outcome)
}

fn evaluated(text: &str) -> Evaluation {
    let (hours, outcome) = read(text);
    outcome.unwrap();
    let dust = DustDays::default();
    let request =
        Request { standard: Standard::Auto, weights: Weights::Plain, dust: &dust, convention: DustConvention::kept() };
    evaluate(&hours, &request)
}

const HEADER: &str = "time,site,SO2,NO2,CO,O3,PM10,PM2_5";

#[test]
fn two_sites_of_one_file_are_ranked() {
    let rows = |_: usize, _: u8| "TIME,320100,10,20,0.8,60,40,35\nTIME,320200,10,20,0.8,60,40,20\n".to_string();
    let evaluation = evaluated(&january(rows, HEADER));
    let rank = |area: &AreaEvaluation| (area.area.to_string(), area.rank, area.good_days);
    let ranks: Vec<_> = evaluation.areas.iter().map(rank).collect();
    assert_eq!(ranks, [("320100".into(), Some(2), 31), ("320200".into(), Some(1), 31)]);
}

#[test]
fn a_city_column_adds_the_city() {
    let rows = |_: usize, _: u8| "TIME,1A,南京,10,20,0.8,60,40,30\nTIME,2A,南京,10,20,0.8,60,40,50\n".to_string();
    let evaluation = evaluated(&january(rows, "time,site,city,SO2,NO2,CO,O3,PM10,PM2_5"));
    let city = evaluation.areas.last().unwrap();
    assert_eq!((city.kind, city.area.as_str(), city.pollutants["PM2_5"].mean), (AreaKind::City, "南京", Some(40.0)));
}

#[test]
fn csv_has_a_row_per_area_and_pollutant_and_empty_cells_where_validity_fails() {
    let rows = |day: usize, _: u8| if day < 20 { "TIME,a,10,20,0.8,60,40,35\n".to_string() } else { String::new() };
    let mut out = Vec::new();
    write_csv(&evaluated(&january(rows, HEADER)), &mut out).unwrap();
    let lines: Vec<String> = String::from_utf8(out).unwrap().lines().map(str::to_string).collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[6], "a,site,PM2_5,,,20,false,,,20,20,1,0,,,HJ 633-2012,gb3095-2012,dust-kept");
}

#[test]
fn a_repeated_row_is_counted_and_a_contradicting_one_refused() {
    let row = |value: u8| format!("2018-01-13T08:00:00+08:00,a,{value}\n");
    let outside = "2017-01-13T08:00:00+08:00,a,1\n";
    let (_, outcome) = read(&format!("time,site,SO2\n{}{}{outside}", row(1), row(1)));
    assert_eq!(outcome, Ok(ReadCounts { repeated: 1, outside: 1 }));
    let refused = read(&format!("time,site,SO2\n{}{}", row(1), row(2))).1.unwrap_err();
    assert!(refused.starts_with("S-304 x.csv line 3, column SO2: S-202 two values"), "{refused}");
}

#[test]
fn json_is_written_whole_and_a_period_without_values_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("in.csv"), january(|_, _| "TIME,a,10,20,0.8,60,40,35\n".into(), HEADER)).unwrap();
    let args = |year: &str| Args {
        observations: vec![file("in.csv")],
        from: format!("{year}-01-01").parse().unwrap(),
        to: format!("{year}-01-31").parse().unwrap(),
        standard: Standard::Auto,
        csv: false,
        dust: None,
        dust_convention: DustConvention::kept(),
        weighted: false,
        output: Some(file("out.json")),
    };
    assert!(run(args("2017")).unwrap_err().to_string().starts_with("S-311"));
    assert!(!file("out.json").exists());
    run(args("2018")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(file("out.json")).unwrap()).unwrap();
    assert_eq!(json["areas"][0]["pollutants"]["PM2_5"]["mean"], 35.0);
}

#[test]
fn dust_days_are_read_and_a_bad_one_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dust.csv");
    let dust = |text: &str| {
        std::fs::write(&path, text).unwrap();
        read_dust(&path).map_err(|error| error.to_string())
    };
    let area: SiteCode = "320300".parse().unwrap();
    assert!(dust("day,site\n2018-03-28,320300\n").unwrap().contains(&area, "2018-03-28".parse().unwrap()));
    assert!(dust("day,site\n2018-02-30,320300\n").unwrap_err().contains("line 2, column day: U-502"));
    assert!(dust("date,site\n").unwrap_err().contains("\"day\" is missing"));
}
