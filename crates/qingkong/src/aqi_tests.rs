use super::*;

fn run_on(text: &str, standard: &str, period: Period) -> Result<(String, Vec<String>), String> {
    let mut out = Vec::new();
    let table = Table::new("x.csv", text.as_bytes()).map_err(|error| error.to_string())?;
    let warnings = convert(table, standard.parse().unwrap(), period, &mut out).map_err(|error| error.to_string())?;
    Ok((String::from_utf8(out).unwrap(), warnings))
}

/// The rows after the header, without the seven input cells.
fn tails(text: &str, standard: &str, period: Period) -> Vec<String> {
    let (out, _) = run_on(text, standard, period).unwrap();
    let inputs = text.lines().next().unwrap().split(',').count();
    let tail = |line: &str| line.splitn(inputs + 1, ',').last().unwrap().to_string();
    out.lines().skip(1).map(tail).collect()
}

const HEADER: &str = "time,site,SO2,NO2,CO,O3_8h,PM10,PM2_5";

#[test]
fn the_edition_follows_the_date_of_the_row() {
    let text = format!("{HEADER}\n2026-02-28,320100,10,20,0.8,60,40,75\n2026-03-01,320100,10,20,0.8,60,40,75\n");
    assert_eq!(
        tails(&text, "auto", Period::Day),
        ["10,25,20,,30,40,100,100,2,良,PM2_5,HJ 633-2012,", "10,25,20,,30,40,114,114,3,轻度污染,PM2_5,HJ 633-2026,",]
    );
    assert!(tails(&text, "2026", Period::Day)[0].ends_with("HJ 633-2026,"));
}

#[test]
fn the_header_is_the_input_and_thirteen_columns() {
    let (out, _) = run_on("time,site,PM2_5\n", "auto", Period::Day).unwrap();
    assert_eq!(
        out,
        "time,site,PM2_5,iaqi_SO2,iaqi_NO2,iaqi_CO,iaqi_O3,iaqi_O3_8h,iaqi_PM10,iaqi_PM2_5,\
         aqi,level,category,primary,standard,note\n"
    );
}

#[test]
fn ties_are_joined_and_what_is_missing_is_noted() {
    let text = format!("{HEADER}\n2026-06-01,a,10,20,0.8,60,250,115\n2026-06-01,b,10,20,0.8,60,,35\n");
    assert_eq!(
        tails(&text, "auto", Period::Day),
        [
            "10,25,20,,30,150,150,150,3,轻度污染,PM10|PM2_5,HJ 633-2026,",
            "10,25,20,,30,,50,,,,,HJ 633-2026,NA: PM10; incomplete and not above 100: AQI not published",
        ]
    );
}

#[test]
fn a_slash_means_outside_the_programme_and_does_not_block() {
    let text = format!("{HEADER}\n2026-06-01,a,10,20,/,60,40,35\n");
    assert_eq!(tails(&text, "auto", Period::Day), ["10,25,,,30,40,50,50,1,优,,HJ 633-2026,"]);
}

#[test]
fn hours_take_the_hourly_columns() {
    let text = "time,site,SO2,NO2,CO,O3,O3_8h,PM10,PM2_5\n2018-01-14T00:00:00+08:00,a,801,20,2.2,210,161,40,20\n";
    assert_eq!(tails(text, "2026", Period::Hour), ["200,10,22,105,,40,29,200,4,中度污染,SO2,HJ 633-2026,"]);
    let old = &tails(text, "auto", Period::Hour)[0];
    assert!(old.starts_with(",10,22,105,101,40,29,105,3,轻度污染,O3,HJ 633-2012,"), "{old}");
}

#[test]
fn extra_columns_are_kept_and_named_and_unused_ones_too() {
    let text = "time,site,RH,O3,PM2_5\n2026-06-01,a,\"5,5\",70,200\n";
    let (out, warnings) = run_on(text, "auto", Period::Day).unwrap();
    assert!(out.lines().nth(1).unwrap().starts_with("2026-06-01,a,\"5,5\",70,200,"), "{out}");
    assert_eq!(warnings.len(), 2);
    assert!(warnings[0].contains("RH") && warnings[1].contains("O3 has no part") && warnings[1].contains("2026"));
}

#[test]
fn a_bad_row_is_refused_with_its_place() {
    let refused = |row: &str, period| run_on(&format!("time,site,PM2_5\n{row}\n"), "auto", period).unwrap_err();
    assert!(refused("2018-02-30,a,1", Period::Day).starts_with("S-304 x.csv line 2, column time: U-502"));
    assert!(refused("2018-02-01,a,-1", Period::Day).contains("line 2, column PM2_5: negative"));
    assert!(refused("2018-02-01,a,1", Period::Hour).contains("column time: U-501"));
}

#[test]
fn a_refused_file_leaves_no_output_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (input, output) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    std::fs::write(&input, "time,site,PM2_5\n2018-02-01,a,1\n2018-02-30,a,1\n").unwrap();
    let args = Args { input, standard: Standard::Auto, period: Period::Day, output: Some(output.clone()) };
    assert!(run(args).unwrap_err().to_string().contains("line 3"));
    assert_eq!((output.exists(), std::fs::read_dir(folder.path()).unwrap().count()), (false, 1));
}
