use super::*;
use crate::source::{Point, Source};
use std::collections::BTreeMap;
use std::f64::consts::TAU;
use units::KilogramPerDay;

const CLASSES: [Stability; 6] = [Stability::A, Stability::B, Stability::C, Stability::D, Stability::E, Stability::F];

fn settings() -> Settings {
    Settings::bundled().unwrap()
}

fn hour(from_degrees: f64, speed_ms: f64, stability: Stability) -> Hour {
    Hour { from_degrees, speed_ms, stability, mixing_height_m: 500.0 }
}

fn site(lon: f64, lat: f64, height_m: f64, precursors: &[Precursor]) -> SourceSite {
    let source = Source { region: "320300".parse().unwrap(), sector: "power".into(), stack: format!("{lon},{lat}") };
    let base: BTreeMap<_, _> = precursors.iter().map(|precursor| (*precursor, KilogramPerDay(1000.0))).collect();
    SourceSite { source, points: vec![Point { lon, lat, share: 1.0 }], height_m, base }
}

fn city(code: &str, lon: f64, lat: f64) -> City {
    City { code: code.parse().unwrap(), lon, lat }
}

fn made(weather: &Weather, sites: &[SourceSite], cities: &[City], pollutants: &[Pollutant]) -> Matrix {
    let days = ["2018-01-15".parse().unwrap()];
    matrix(&settings(), weather, sites, cities, &days, pollutants).unwrap().0
}

fn integral(from: f64, to: f64, steps: usize, f: impl Fn(f64) -> f64) -> f64 {
    let step = (to - from) / steps as f64;
    (0..steps).map(|n| f(from + (n as f64 + 0.5) * step) * step).sum()
}

#[test]
fn the_plume_is_whole_over_height_and_bearing() {
    for sigma in [5.0, 60.0, 240.0, 260.0, 900.0, 20_000.0] {
        for height in [0.0, 80.0, 250.0, 500.0] {
            let whole = integral(0.0, 500.0, 20_000, |z| vertical_density(sigma, height, 500.0, z));
            assert!((whole - 1.0).abs() < 2e-4, "sigma {sigma}, source at {height}: {whole}");
        }
    }
    for blows_to in [None, Some(0.0), Some(355.0)] {
        let whole = integral(0.0, TAU, 36_000, |angle| bearing_density(blows_to, angle.to_degrees(), 22.5));
        assert!((whole - 1.0).abs() < 1e-6, "{blows_to:?}: {whole}");
    }
}

#[test]
fn the_two_series_of_the_vertical_meet_where_they_change() {
    for z in [0.0, 100.0, 400.0] {
        let (near, far) = (vertical_density(249.999, 150.0, 500.0, z), vertical_density(250.001, 150.0, 500.0, z));
        assert!((near / far - 1.0).abs() < 1e-4, "{z}: {near} {far}");
    }
}

/// What goes through a circle at r is `∫∫ C u r dθ dz`; with the ground value known, the profile gives the rest.
#[test]
fn what_goes_through_a_circle_is_what_was_emitted() {
    let settings = settings();
    for (class, speed) in CLASSES.into_iter().flat_map(|class| [(class, 0.2), (class, 3.0)]) {
        let (height, metres) = (60.0, 25_000.0);
        let blown = hour(200.0, speed, class);
        let lid = blown.mixing_height_m;
        let sigma = settings.spread_m(class, metres);
        let wind = settings.speed_at(speed.max(0.5), class, height);
        let ground = vertical_density(sigma, height, lid, 0.0);
        let through = integral(0.0, 360.0, 7_200, |bearing| {
            let (_, at_ground) = dilution(&settings, &blown, height, metres, bearing).unwrap_or((0.0, 0.0));
            at_ground / ground * wind * metres * 1f64.to_radians()
        });
        assert!((through - 1.0).abs() < 1e-4, "{class:?} at {speed} m/s: {through}");
    }
}

#[test]
fn a_response_by_hand() {
    // Calm at 0.5 m/s all day, D, 60 km east, ground source of CO (no losses): 1/(2 pi r u h) ug/m3 per ug/s once mixed to the lid.
    let weather = Weather::always(vec![hour(0.0, 0.0, Stability::D)]).unwrap();
    let far = city("320100", 118.0 + 60_000.0 / 111_195.0 / 32f64.to_radians().cos(), 32.0);
    let matrix = made(&weather, &[site(118.0, 32.0, 0.0, &[Precursor::Co])], &[far], &[Pollutant::Co]);
    let metres = way((118.0, 32.0), (far.lon, far.lat)).0;
    let sigma = settings().spread_m(Stability::D, metres);
    let by_hand = vertical_density(sigma, 0.0, 500.0, 0.0) / (TAU * metres * 0.5) * 1e9 / 86_400.0;
    let found = matrix.cells()[0].response.value.0;
    assert!((found / by_hand - 1.0).abs() < 1e-9, "{found} {by_hand}");
    assert!(found > 1e-5 && found < 1e-3, "{found} ug/m3 per kg/d");
}

#[test]
fn a_mirrored_world_has_mirrored_responses() {
    let cities = [city("320100", 119.0, 32.0), city("320200", 117.0, 32.0)];
    let sources = [site(118.0, 32.0, 50.0, &[Precursor::So2])];
    let values = |from: f64| -> Vec<f64> {
        let weather = Weather::always(vec![hour(from, 3.0, Stability::D)]).unwrap();
        let matrix = made(&weather, &sources, &cities, &[Pollutant::Pm25]);
        let of = |n: usize| {
            let receptor =
                Receptor { city: cities[n].code, day: "2018-01-15".parse().unwrap(), pollutant: Pollutant::Pm25 };
            matrix.response(&receptor, &sources[0].source, Precursor::So2).map_or(0.0, |response| response.value.0)
        };
        vec![of(0), of(1)]
    };
    let (west, east) = (values(270.0), values(90.0));
    assert!(west[0] > 0.0 && west[1] == 0.0, "{west:?}");
    assert!((west[0] / east[1] - 1.0).abs() < 1e-9 && east[0] == 0.0, "{west:?} {east:?}");
}

#[test]
fn source_and_city_may_change_places_in_an_even_rose() {
    let response = |from: (f64, f64), to: (f64, f64)| {
        let matrix = made(
            &Weather::unknown(),
            &[site(from.0, from.1, 30.0, &[Precursor::Pm25])],
            &[city("320100", to.0, to.1)],
            &[Pollutant::Pm25],
        );
        matrix.cells()[0].response.value.0
    };
    let (there, back) = (response((118.0, 32.0), (119.5, 32.0)), response((119.5, 32.0), (118.0, 32.0)));
    assert!((there / back - 1.0).abs() < 1e-3, "{there} {back}");
}

#[test]
fn twice_the_emission_is_twice_the_contribution_and_sulphur_is_kept() {
    let sites = [site(118.0, 32.0, 100.0, &[Precursor::So2])];
    let matrix = made(&Weather::unknown(), &sites, &[city("320100", 119.0, 32.5)], &[Pollutant::So2, Pollutant::Pm25]);
    let contributed = |kg: f64| -> f64 {
        let emissions = [((sites[0].source.clone(), Precursor::So2), KilogramPerDay(kg))].into();
        matrix.contributions(&emissions).unwrap().rows.iter().map(|row| row.ug_m3).sum()
    };
    assert!((contributed(2000.0) / contributed(1000.0) - 2.0).abs() < 1e-12);
    assert_eq!(matrix.cells().len(), 2);
    assert_eq!(matrix.origin().status, Status::Indicative);
}

#[test]
fn a_city_in_the_plume_of_its_own_sources_is_a_disc() {
    let weather = Weather::unknown();
    let within = |lon: f64| {
        made(&weather, &[site(lon, 32.0, 10.0, &[Precursor::Pm25])], &[city("320100", 118.8, 32.0)], &[Pollutant::Pm25])
            .cells()[0]
            .response
            .value
            .0
    };
    let (centre, edge, far) = (within(118.8), within(118.9), within(120.8));
    assert!(centre.is_finite() && centre > edge && edge > 10.0 * far, "{centre} {edge} {far}");
}

#[test]
fn too_many_paths_and_a_day_without_weather_are_refused() {
    let sites = vec![site(118.0, 32.0, 10.0, &[Precursor::Co]); 2001];
    let cities = vec![city("320100", 119.0, 32.0); 100];
    let days: Vec<BeijingDay> = (0..100).map(|n| "2018-01-01".parse::<BeijingDay>().unwrap() + n).collect();
    let asked = |sites: &[SourceSite], weather: &Weather| {
        matrix(&settings(), weather, sites, &cities, &days, &[Pollutant::Co]).unwrap_err().to_string()
    };
    assert!(asked(&sites, &Weather::unknown()).starts_with("X-114 20010000"));
    assert!(asked(&sites[..1], &Weather::default()).starts_with("X-302"));
}

#[test]
fn settings_that_can_not_be_are_refused_with_their_place() {
    let text = include_str!("../../../../data/transport/reduced-form-2026.toml");
    let told = |from: &str, to: &str| Settings::parse("x.toml", &text.replacen(from, to, 1)).unwrap_err().to_string();
    assert!(told("calm_ms = 0.5", "calm_ms = 0").contains("wind.calm_ms is 0, not above zero"));
    assert!(told("F = { a = 0.016", "G = { a = 0.016").contains("spread.F is missing"));
    assert!(told("CO = { loss", "CO2 = { loss").contains("chemistry.CO is missing"));
    assert!(told("loss_per_hour = 0.02", "loss_per_hour = -0.02").contains("rate below zero"));
    assert!(told("trusted_share = 0.3", "trusted_share = 3.0").contains("doubt.secondary"));
    assert!(told("[city]", "[town]").starts_with("X-301 x.toml"));
}
