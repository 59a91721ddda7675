use crate::harness::{
    NANJING, Place, XUZHOU, all_rows, begin, file, hour, import, many, moment, nanjing, row, site, valid,
};
use store::{Counts, ImportReport, Refusal, Row, Site, SiteKind, StoreError, Superseded};
use units::{BeijingHour, Concentration, Flag, Missing, Pollutant, Reading};

both![
    what_is_imported_is_read_back_in_order,
    importing_twice_changes_nothing,
    a_dropped_import_leaves_nothing,
    a_changed_value_is_superseded_and_kept,
    a_hole_in_a_later_file_displaces_nothing,
    one_file_with_two_values_for_an_hour_keeps_both,
    a_file_longer_than_a_batch_counts_right_twice,
    the_journal_keeps_report_and_refusals,
    names_in_any_script_survive,
    extreme_values_survive,
    a_failed_import_cannot_be_finished,
    a_reader_sees_the_old_state_until_the_import_ends,
    a_second_import_waits_for_the_first,
    sites_are_completed_not_erased,
];

fn counts(new: u64, changed: u64, unchanged: u64) -> Counts {
    Counts { new, changed, unchanged }
}

async fn what_is_imported_is_read_back_in_order(place: Place) {
    let store = place.open().await;
    let value = Concentration::micrograms(-3);
    let mut rows = vec![
        row(NANJING, Pollutant::So2, 1, valid(8)),
        row(NANJING, Pollutant::Pm25, 1, Reading::Suspect(Concentration::micrograms(400), Flag::Spike)),
        row(NANJING, Pollutant::Pm25, 2, Reading::Missing(Missing::NotReported)),
        row(XUZHOU, Pollutant::Co, 1, Reading::Invalid(value, Flag::OutOfRange)),
        row(XUZHOU, Pollutant::Pm10, 24, valid(150)),
    ];
    let sorted = rows.clone();
    rows.reverse();
    assert_eq!(import(&store, "a", &rows).await, counts(5, 0, 0));
    let read = all_rows(&store).await;
    assert_eq!(read, sorted);
    let one = store.hours(&[site(NANJING)], &[Pollutant::Pm25], hour(2), hour(2)).await.unwrap();
    assert_eq!(one, sorted[2..3]);
    assert_eq!(store.hours(&[], &Pollutant::ALL, hour(1), hour(24)).await.unwrap(), []);
}

async fn importing_twice_changes_nothing(place: Place) {
    let store = place.open().await;
    let rows = nanjing(&[35, 36, 37]);
    assert_eq!(import(&store, "a", &rows).await, counts(3, 0, 0));
    let (before, catalogue) = (all_rows(&store).await, store.series().await.unwrap());
    let again = begin(&store, "a", &rows).await;
    assert!(again.repeat_of().is_some());
    assert_eq!(again.finish(&ImportReport::default()).await.unwrap(), counts(0, 0, 3));
    assert_eq!((all_rows(&store).await, store.series().await.unwrap()), (before, catalogue));
    let journal = store.imports().await.unwrap();
    assert_eq!(journal.len(), 2);
    assert_eq!(journal[0].repeat_of, Some(journal[1].id));
    assert_eq!(store.imported("sha of a").await.unwrap(), Some(journal[1].id));
    assert_eq!(store.imported("sha of b").await.unwrap(), None);
}

async fn a_dropped_import_leaves_nothing(place: Place) {
    let store = place.open().await;
    drop(begin(&store, "a", &many()).await);
    assert_eq!(store.imports().await.unwrap(), []);
    assert_eq!(store.series().await.unwrap(), []);
    assert_eq!(store.latest_hour(hour(1_000_000)).await.unwrap(), None);
    // The write lock is free again.
    assert_eq!(import(&store, "b", &nanjing(&[35])).await, counts(1, 0, 0));
    assert_eq!(all_rows(&store).await, nanjing(&[35]));
}

async fn a_changed_value_is_superseded_and_kept(place: Place) {
    let store = place.open().await;
    import(&store, "a", &nanjing(&[35, 36])).await;
    store.set_flags(&[(site(NANJING), Pollutant::Pm25, hour(2), Flag::Frozen)]).await.unwrap();
    assert_eq!(import(&store, "b", &nanjing(&[35, 40, 41])).await, counts(1, 1, 1));
    assert_eq!(all_rows(&store).await, nanjing(&[35, 40, 41]));
    let journal = store.imports().await.unwrap();
    let superseded = store.superseded(&site(NANJING), Pollutant::Pm25, hour(2)).await.unwrap();
    let reading = Reading::Suspect(Concentration::micrograms(36), Flag::Frozen);
    assert_eq!(superseded, [Superseded { reading, import: journal[1].id, superseded_by: journal[0].id }]);
    assert_eq!(store.superseded(&site(NANJING), Pollutant::Pm25, hour(1)).await.unwrap(), []);
}

async fn a_hole_in_a_later_file_displaces_nothing(place: Place) {
    let store = place.open().await;
    import(&store, "a", &nanjing(&[35])).await;
    let hole = row(NANJING, Pollutant::Pm25, 1, Reading::Missing(Missing::NotReported));
    assert_eq!(import(&store, "b", &[hole]).await, counts(0, 0, 1));
    assert_eq!(all_rows(&store).await, nanjing(&[35]));
}

async fn one_file_with_two_values_for_an_hour_keeps_both(place: Place) {
    let store = place.open().await;
    let rows = [nanjing(&[35]), nanjing(&[50])].concat();
    assert_eq!(import(&store, "a", &rows).await, counts(1, 1, 0));
    assert_eq!(all_rows(&store).await, nanjing(&[50]));
    let superseded = store.superseded(&site(NANJING), Pollutant::Pm25, hour(1)).await.unwrap();
    assert_eq!(superseded.iter().map(|old| old.reading).collect::<Vec<_>>(), [valid(35)]);
}

async fn a_file_longer_than_a_batch_counts_right_twice(place: Place) {
    let store = place.open().await;
    let mut rows = many();
    assert_eq!(import(&store, "a", &rows).await, counts(300_000, 0, 0));
    rows[7].reading = valid(999);
    rows.push(row(XUZHOU, Pollutant::So2, 60_000, valid(1)));
    assert_eq!(import(&store, "b", &rows).await, counts(1, 1, 299_999));
    let series = store.series().await.unwrap();
    let so2 = series.iter().find(|series| series.pollutant == Pollutant::So2).unwrap();
    assert_eq!((so2.first, so2.last, so2.hours), (Some(hour(0)), Some(hour(60_000)), 50_001));
    assert_eq!(series.iter().map(|series| series.hours).sum::<u64>(), 300_001);
}

async fn the_journal_keeps_report_and_refusals(place: Place) {
    let store = place.open().await;
    let refusal = |line, column: Option<&str>, text: &str| Refusal {
        line,
        column: column.map(Into::into),
        reason: "O-301 不是日期".into(),
        text: text.into(),
    };
    let report = ImportReport {
        rows_read: 5,
        kept: 2,
        missing: 1,
        duplicates: 1,
        flagged: 3,
        refused: u64::MAX,
        refusals: vec![refusal(9, Some("date"), "2018-02-30,\"x\""), refusal(4, None, "a\0b")],
        notes: vec!["CO given in µg/m³, converted".into()],
        duration_ms: 1234,
    };
    begin(&store, "a", &nanjing(&[35])).await.finish(&report).await.unwrap();
    let journal = store.imports().await.unwrap().remove(0);
    assert_eq!(
        (journal.file.as_str(), journal.format.as_str(), journal.source.as_str()),
        ("a.csv", "city-day", "cnemc-city")
    );
    assert_eq!(
        (journal.rows_read, journal.kept, journal.missing, journal.duplicates, journal.flagged),
        (5, 2, 1, 1, 3)
    );
    assert_eq!(journal.refused, i64::MAX as u64);
    assert_eq!((journal.notes, journal.duration_ms, journal.at), (report.notes, 1234, moment()));
    assert_eq!(journal.counts, counts(1, 0, 0));
    let kept = store.refusals(journal.id).await.unwrap();
    assert_eq!(kept, [refusal(9, Some("date"), "2018-02-30,\"x\""), refusal(4, None, "a\u{fffd}b")]);
}

async fn names_in_any_script_survive(place: Place) {
    let store = place.open().await;
    for code in ["南京·玄武湖🌫", "O'Hara\"; DROP TABLE site;--", "Ürümqi 乌鲁木齐"] {
        let rows = [row(code, Pollutant::O3, 1, valid(160))];
        let mut import = store.import(file(code, "微站")).await.unwrap();
        let station = Site {
            code: site(code),
            name: code.into(),
            city: Some("320100".parse().unwrap()),
            lon: Some(118.796_877),
            lat: Some(-32.060_255),
            kind: SiteKind::MicroStation,
        };
        import.sites(std::slice::from_ref(&station)).await.unwrap();
        import.observations(&rows).await.unwrap();
        import.finish(&ImportReport::default()).await.unwrap();
        assert_eq!(store.hours(&[site(code)], &Pollutant::ALL, hour(1), hour(1)).await.unwrap(), rows);
        assert!(store.sites().await.unwrap().contains(&station));
    }
    // Bytes decide the order on both databases, not a language.
    let sites: Vec<String> = store.sites().await.unwrap().into_iter().map(|site| site.code.into()).collect();
    assert!(sites.is_sorted() && sites.len() == 3, "{sites:?}");
    assert_eq!(store.series().await.unwrap()[0].source, "微站");
}

async fn extreme_values_survive(place: Place) {
    let store = place.open().await;
    let values = [i64::MIN, -1, 0, 1, i64::MAX];
    let hours = [i32::MIN, -1_000_000, 0, 1, i32::MAX].map(|number| BeijingHour::from_index(number.into()));
    let rows: Vec<Row> = hours
        .into_iter()
        .zip(values.map(Concentration::from_picograms))
        .map(|(hour, value)| Row { hour, ..row(NANJING, Pollutant::Co, 1, Reading::Valid(value)) })
        .collect();
    assert_eq!(import(&store, "a", &rows).await, counts(5, 0, 0));
    let (first, last) = (BeijingHour::from_index(i64::MIN), BeijingHour::from_index(i64::MAX));
    assert_eq!(store.hours(&[site(NANJING)], &[Pollutant::Co], first, last).await.unwrap(), rows);
    assert_eq!(store.latest_hour(last).await.unwrap(), Some(hours[4]));
    for row in &rows {
        let dense = store.dense(&[site(NANJING)], &[Pollutant::Co], row.hour, row.hour).await.unwrap();
        assert_eq!(dense[0].values, [row.reading.usable()]);
    }
    let series = store.series().await.unwrap().remove(0);
    assert_eq!((series.first, series.last, series.hours), (Some(hours[0]), Some(hours[4]), 5));
}

async fn a_failed_import_cannot_be_finished(place: Place) {
    let store = place.open().await;
    let mut import = begin(&store, "a", &nanjing(&[35])).await;
    let beyond = Row { hour: BeijingHour::from_index(i64::MAX), ..nanjing(&[1]).remove(0) };
    let error = import.observations(&[beyond]).await.unwrap_err();
    assert!(matches!(error, StoreError::HourOutOfRange(i64::MAX)), "{error}");
    let error = import.finish(&ImportReport::default()).await.unwrap_err();
    assert!(error.to_string().starts_with("T-203") && error.to_string().contains("a.csv"), "{error}");
    assert_eq!((all_rows(&store).await, store.imports().await.unwrap()), (vec![], vec![]));
}

async fn a_reader_sees_the_old_state_until_the_import_ends(place: Place) {
    let store = place.open().await;
    import(&store, "a", &nanjing(&[35])).await;
    let writing = begin(&store, "b", &[many(), nanjing(&[99])].concat()).await;
    assert_eq!(all_rows(&store).await, nanjing(&[35]));
    assert_eq!((store.imports().await.unwrap().len(), store.series().await.unwrap().len()), (1, 1));
    writing.finish(&ImportReport::default()).await.unwrap();
    assert_eq!(all_rows(&store).await.len(), 300_001);
}

async fn a_second_import_waits_for_the_first(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let first = begin(&store, "a", &nanjing(&[35, 36])).await;
    let second = tokio::spawn(async move { import(&other, "b", &nanjing(&[35, 37, 38])).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!second.is_finished());
    assert_eq!(first.finish(&ImportReport::default()).await.unwrap(), counts(2, 0, 0));
    assert_eq!(second.await.unwrap(), counts(1, 1, 1));
    assert_eq!(all_rows(&store).await, nanjing(&[35, 37, 38]));
}

async fn sites_are_completed_not_erased(place: Place) {
    let store = place.open().await;
    let known = Site {
        code: site("1148A"),
        name: "玄武湖".into(),
        city: Some("320100".parse().unwrap()),
        lon: Some(118.795),
        lat: Some(32.078),
        kind: SiteKind::Station,
    };
    let bare = Site { name: String::new(), city: None, lon: None, lat: None, ..known.clone() };
    for (name, told) in [("a", &known), ("b", &bare)] {
        let mut import = begin(&store, name, &[]).await;
        import.sites(std::slice::from_ref(told)).await.unwrap();
        import.finish(&ImportReport::default()).await.unwrap();
    }
    assert_eq!(store.sites().await.unwrap(), [known]);
}
