use super::*;
use units::Pollutant;

pub(crate) fn origin() -> Origin {
    let run = "2018-01-13T08:00:00+08:00".parse().ok();
    let (model, grid) = ("CMAQ".to_string(), "27 km".to_string());
    Origin { model, files: vec!["a".into()], run, grid, status: Status::Model, basis: Basis::Tagged }
}

fn receptor(city: &str) -> Receptor {
    Receptor { city: city.parse().unwrap(), day: "2018-01-15".parse().unwrap(), pollutant: Pollutant::Pm25 }
}

fn source(region: &str) -> Source {
    Source { region: region.parse().unwrap(), sector: "power".into(), stack: String::new() }
}

fn cell(receptor: u32, source: u32, value: f64) -> Cell {
    let doubt = Doubt { relative_uncertainty: 0.3, trusted_share: 0.5 };
    let response = Response { value: ResponsePerKilogramPerDay(value), doubt };
    Cell { receptor, source, precursor: Precursor::So2, response }
}

fn matrix(sources: &[&str], values: &[f64]) -> Matrix {
    let cells = values.iter().enumerate().map(|(n, value)| cell(0, n as u32, *value)).collect();
    Matrix::new(origin(), vec![receptor("320100")], sources.iter().map(|s| source(s)).collect(), cells).unwrap()
}

#[test]
fn order_does_not_matter_and_responses_are_found() {
    let (one, other) = (matrix(&["320100", "320300"], &[1e-4, 2e-4]), matrix(&["320300", "320100"], &[2e-4, 1e-4]));
    assert_eq!(one, other);
    let found = one.response(&receptor("320100"), &source("320300"), Precursor::So2).unwrap();
    assert_eq!(found.value.0, 2e-4);
    assert_eq!(one.response(&receptor("320100"), &source("320300"), Precursor::Nox), None);
}

#[test]
fn rows_of_two_files_join_only_when_everything_agrees() {
    let (one, two) = (matrix(&["320100"], &[1e-4]), matrix(&["320300"], &[2e-4]));
    let joined = one.clone().join(two.clone()).unwrap();
    assert_eq!((joined.sources().len(), joined.cells().len(), joined.origin().files.len()), (2, 2, 2));
    let refused = |change: &dyn Fn(&mut Matrix)| {
        let mut other = two.clone();
        change(&mut other);
        one.clone().join(other).unwrap_err().to_string()
    };
    assert!(refused(&|m| m.origin.model = "CAMx".into()).starts_with("X-201"));
    assert!(refused(&|m| m.origin.run = None).starts_with("X-202"));
    assert!(refused(&|m| m.origin.grid = "9 km".into()).starts_with("X-203"));
    assert!(refused(&|m| m.receptors[0] = receptor("320300")).starts_with("X-204 320100"));
    assert!(refused(&|m| m.origin.status = Status::Indicative).starts_with("X-205"));
    assert!(one.clone().join(one.clone()).unwrap_err().to_string().starts_with("X-111"));
}

#[test]
fn what_is_no_number_or_no_doubt_is_refused_with_its_place() {
    let new = |cell: Cell| Matrix::new(origin(), vec![receptor("320100")], vec![source("320300")], vec![cell]);
    let told = new(cell(0, 0, f64::NAN)).unwrap_err().to_string();
    assert_eq!(told, "X-109 320100 2018-01-15 PM2_5 from 320300/power SO2: the value is not a finite number");
    for (uncertainty, share) in [(-0.1, 0.5), (f64::NAN, 0.5), (0.1, 0.0), (0.1, 1.1)] {
        let mut wrong = cell(0, 0, 1.0);
        wrong.response.doubt = Doubt { relative_uncertainty: uncertainty, trusted_share: share };
        assert!(new(wrong).unwrap_err().to_string().starts_with("X-112"), "{uncertainty} {share}");
    }
}

#[test]
fn hours_of_a_day_are_averaged_and_a_silent_hour_counts_as_none() {
    let hours = vec![matrix(&["320100", "320300"], &[2e-4, 4e-4]), matrix(&["320100"], &[4e-4])];
    let mean = Matrix::mean(hours).unwrap().unwrap();
    let values: Vec<f64> = mean.cells().iter().map(|cell| cell.response.value.0).collect();
    assert!((values[0] - 3e-4).abs() < 1e-18 && (values[1] - 2e-4).abs() < 1e-18);
    assert_eq!(Matrix::mean(vec![]).unwrap(), None);
}
