//! An evening without a model run: the kernel makes an indicative matrix, cuts are tried, contributions told; then what is refused.

use crate::sample::write;
use driver::qingkong;

const SOURCES: &str = "region,sector,stack,lon,lat,height_m,SO2,NOx,PM2_5\n\
    320300,power,A,117.30,34.35,150,8000,9000,1200\n\
    320100,steel,B,118.65,31.90,80,6000,7000,3000\n";
const CUTS: &str = "region,sector,stack,precursor,cut_kg_d,base_kg_d\n\
    320300,power,A,SO2,4000,8000\n\
    320100,steel,B,PM2_5,900,3000\n";

#[test]
fn an_evening_without_a_model_run() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let run = |words: &str| qingkong(&format!("transport {words}")).within(folder.path()).run();
    write(folder.path(), "sources.csv", SOURCES.as_bytes());
    write(folder.path(), "cuts.csv", CUTS.as_bytes());

    let kernel = "kernel --sources sources.csv --from 2018-01-15 --to 2018-01-15 --cities 320100,320300";
    let told = run(&format!("{kernel} -o matrix.parquet")).accepted();
    assert!(told.error.contains("indicative"), "{}", told.error);
    run(&format!("{kernel} -o matrix.csv")).accepted();

    let answer = run("respond matrix.parquet --cuts cuts.csv").accepted();
    assert!(answer.error.contains("X-401 320300/power/A SO2: a cut of 50 %"), "{}", answer.error);
    assert_eq!(answer.column("city"), ["320100", "320300"]);
    assert_eq!(answer.column("status"), ["indicative"; 2]);
    assert_eq!(answer.output, run("respond matrix.csv --cuts cuts.csv").accepted().output);

    let parts = run("attribute matrix.csv --sources sources.csv --by city").accepted();
    let shares: f64 = parts.column("share").iter().map(|share| share.parse::<f64>().expect("a number")).sum();
    assert!((shares - 2.0).abs() < 1e-3, "each city's parts add up to one: {}", parts.output);

    run("import matrix.csv matrix.parquet -o both.csv").refused(&["matrix.parquet", "X-111", "nothing was written"]);
    run("attribute matrix.csv").refused(&["matrix.csv", "--sources"]);
    write(folder.path(), "cut.parquet", b"PAR1PAR1");
    run("respond cut.parquet --cuts cuts.csv").refused(&["cut.parquet", "X-103"]);
    assert!(!folder.path().join("both.csv").exists());
}
