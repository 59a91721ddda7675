use crate::harness::{NANJING, Place, XUZHOU, all_rows, file, hour, import, nanjing, row, site, valid};
use store::{DayCount, Flagged, ImportReport};
use units::{BeijingDay, Concentration, Flag, Missing, Pollutant, Reading};

both![
    a_flag_marks_and_keeps_the_value,
    flags_survive_a_repeated_import,
    the_gravest_of_two_flags_counts,
    a_flag_goes_to_the_source_that_is_heard,
    flagged_values_are_listed,
    completeness_counts_hours_by_state,
    days_before_1970_are_counted_as_days,
];

const PM25: Pollutant = Pollutant::Pm25;

fn suspect(micrograms: i64, flag: Flag) -> Reading {
    Reading::Suspect(Concentration::micrograms(micrograms), flag)
}

async fn a_flag_marks_and_keeps_the_value(place: Place) {
    let store = place.open().await;
    import(&store, "a", &nanjing(&[35, 36])).await;
    let frozen = [(site(NANJING), PM25, hour(2), Flag::Frozen)];
    assert_eq!(store.set_flags(&frozen).await.unwrap(), 1);
    assert_eq!(store.set_flags(&frozen).await.unwrap(), 0);
    assert_eq!(all_rows(&store).await[1].reading, suspect(36, Flag::Frozen));
    let range = [(site(NANJING), PM25, hour(2), Flag::OutOfRange)];
    assert_eq!((store.set_flags(&range).await.unwrap(), store.set_flags(&range).await.unwrap()), (1, 0));
    assert_eq!(all_rows(&store).await[1].reading, Reading::Invalid(Concentration::micrograms(36), Flag::OutOfRange));
    assert_eq!(store.latest_hour(hour(24)).await.unwrap(), Some(hour(1)));
    let nowhere = [(site(NANJING), PM25, hour(3), Flag::Spike), (site(XUZHOU), PM25, hour(1), Flag::Spike)];
    assert_eq!(store.set_flags(&nowhere).await.unwrap(), 0);
    assert_eq!(store.set_flags(&[]).await.unwrap(), 0);
}

async fn flags_survive_a_repeated_import(place: Place) {
    let store = place.open().await;
    import(&store, "a", &nanjing(&[35, 36])).await;
    store.set_flags(&[(site(NANJING), PM25, hour(1), Flag::Spike)]).await.unwrap();
    assert_eq!(import(&store, "a", &nanjing(&[35, 36])).await.unchanged, 2);
    assert_eq!(all_rows(&store).await[0].reading, suspect(35, Flag::Spike));
}

async fn the_gravest_of_two_flags_counts(place: Place) {
    let store = place.open().await;
    import(&store, "a", &nanjing(&[35])).await;
    let both = [Flag::Spike, Flag::OutOfRange].map(|flag| (site(NANJING), PM25, hour(1), flag));
    assert_eq!(store.set_flags(&both).await.unwrap(), 1);
    assert_eq!(all_rows(&store).await[0].reading.flag(), Some(Flag::OutOfRange));
}

async fn a_flag_goes_to_the_source_that_is_heard(place: Place) {
    let store = place.open().await;
    import(&store, "a", &nanjing(&[35])).await;
    let mut other = store.import(file("b", "archive")).await.unwrap();
    other.observations(&nanjing(&[50, 51])).await.unwrap();
    other.finish(&ImportReport::default()).await.unwrap();
    let flags = [1, 2].map(|label| (site(NANJING), PM25, hour(label), Flag::Spike));
    assert_eq!(store.set_flags(&flags).await.unwrap(), 2);
    let sources: Vec<_> =
        store.flags(hour(1), hour(2)).await.unwrap().into_iter().map(|flagged| flagged.source).collect();
    assert_eq!(sources, ["cnemc-city", "archive"]);
}

async fn flagged_values_are_listed(place: Place) {
    let store = place.open().await;
    let invalid = Reading::Invalid(Concentration::micrograms(-5), Flag::OutOfRange);
    import(&store, "a", &[nanjing(&[35, 36, 37]), vec![row(XUZHOU, PM25, 1, invalid)]].concat()).await;
    store.set_flags(&[(site(NANJING), PM25, hour(3), Flag::NeighbourOutlier)]).await.unwrap();
    let flagged = |row| Flagged { row, source: "cnemc-city".into() };
    let listed =
        [row(XUZHOU, PM25, 1, invalid), row(NANJING, PM25, 3, suspect(37, Flag::NeighbourOutlier))].map(flagged);
    assert_eq!(store.flags(hour(1), hour(3)).await.unwrap(), listed);
    assert_eq!(store.flags(hour(2), hour(2)).await.unwrap(), []);
}

async fn completeness_counts_hours_by_state(place: Place) {
    let store = place.open().await;
    let rows = [
        nanjing(&[35, 36, 37, 38]),
        vec![
            row(NANJING, PM25, 5, Reading::Missing(Missing::NotReported)),
            row(NANJING, PM25, 6, Reading::Invalid(Concentration::micrograms(-5), Flag::OutOfRange)),
            row(NANJING, PM25, 7, suspect(300, Flag::Spike)),
            row(NANJING, PM25, 24, valid(40)),
            row(NANJING, PM25, 25, valid(41)),
            row(XUZHOU, Pollutant::O3, 1, valid(42)),
        ],
    ];
    import(&store, "a", &rows.concat()).await;
    let flags =
        [(3, Flag::Frozen), (4, Flag::OutOfRange)].map(|(label, flag)| (site(NANJING), PM25, hour(label), flag));
    store.set_flags(&flags).await.unwrap();
    let day = hour(1).day();
    let counts = store.completeness(&[site(NANJING)], &Pollutant::ALL, day, day + 1).await.unwrap();
    let first = DayCount {
        site: site(NANJING),
        pollutant: PM25,
        source: "cnemc-city".into(),
        day,
        valid: 3,
        suspect: 2,
        invalid: 2,
        missing: 1,
    };
    assert_eq!(first.absent(), 16);
    let second = DayCount { day: day + 1, valid: 1, suspect: 0, invalid: 0, missing: 0, ..first.clone() };
    assert_eq!(counts, [first, second]);
    assert_eq!(store.completeness(&[site(NANJING)], &Pollutant::ALL, day - 1, day - 1).await.unwrap(), []);
}

async fn days_before_1970_are_counted_as_days(place: Place) {
    let store = place.open().await;
    let days = [BeijingDay::from_index(-1), BeijingDay::from_index(0)];
    let mut rows = nanjing(&[1; 48]);
    for (row, hour) in rows.iter_mut().zip(days.iter().flat_map(|day| day.hours())) {
        row.hour = hour;
    }
    import(&store, "a", &rows).await;
    let counts = store.completeness(&[site(NANJING)], &[PM25], days[0] - 1, days[1] + 1).await.unwrap();
    assert_eq!(counts.iter().map(|count| (count.day, count.valid)).collect::<Vec<_>>(), days.map(|day| (day, 24)));
}
