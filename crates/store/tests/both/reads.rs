use crate::harness::{NANJING, Place, XUZHOU, file, hour, import, moment, nanjing, row, site, valid};
use store::{GuidanceRow, ImportReport, ModelRow, RunRow, RunState, StoreError};
use units::{Concentration, Missing, Pollutant, Reading};

both![
    dense_columns_follow_the_order_asked_for,
    a_dense_read_that_cannot_fit_is_refused,
    where_one_source_has_a_hole_the_next_one_speaks,
    the_latest_hour_has_a_usable_value,
    guidance_is_told_by_its_newest_run,
    models_and_runs_come_back,
    settings_are_replaced,
];

async fn dense_columns_follow_the_order_asked_for(place: Place) {
    let store = place.open().await;
    let hole = row(NANJING, Pollutant::Pm25, 2, Reading::Missing(Missing::NotReported));
    let rows = [
        nanjing(&[35]),
        vec![hole, row(NANJING, Pollutant::Pm25, 4, valid(38)), row(XUZHOU, Pollutant::Co, 2, valid(900))],
    ];
    import(&store, "a", &rows.concat()).await;
    let (sites, pollutants) = ([site(XUZHOU), site(NANJING), site("nowhere")], [Pollutant::Pm25, Pollutant::Co]);
    let dense = store.dense(&sites, &pollutants, hour(0), hour(4)).await.unwrap();
    let keys: Vec<_> = dense.iter().map(|series| (series.site.clone(), series.pollutant)).collect();
    let asked: Vec<_> = sites.iter().flat_map(|site| pollutants.map(|pollutant| (site.clone(), pollutant))).collect();
    assert_eq!(keys, asked);
    let value = |micrograms| Some(Concentration::micrograms(micrograms));
    assert_eq!(dense[1].values, [None, None, value(900), None, None]);
    assert_eq!(dense[2].values, [None, value(35), None, None, value(38)]);
    assert!([0, 3, 4, 5].iter().all(|n| dense[*n].values == [None; 5]));
    let backwards = store.dense(&sites, &pollutants, hour(4), hour(0)).await.unwrap();
    assert!(backwards.len() == 6 && backwards.iter().all(|series| series.values.is_empty()));
}

async fn a_dense_read_that_cannot_fit_is_refused(place: Place) {
    let store = place.open().await;
    let error = store.dense(&[site(NANJING)], &[Pollutant::Pm25], hour(0), hour(i64::MAX / 2)).await.unwrap_err();
    assert!(matches!(error, StoreError::TooMany { .. }), "{error}");
}

async fn where_one_source_has_a_hole_the_next_one_speaks(place: Place) {
    let store = place.open().await;
    let hole = row(NANJING, Pollutant::Pm25, 2, Reading::Missing(Missing::NotReported));
    import(&store, "a", &[nanjing(&[35]), vec![hole]].concat()).await;
    let mut second = store.import(file("b", "archive")).await.unwrap();
    second.observations(&nanjing(&[50, 51, 52])).await.unwrap();
    second.finish(&ImportReport::default()).await.unwrap();
    let rows = store.hours(&[site(NANJING)], &Pollutant::ALL, hour(1), hour(3)).await.unwrap();
    assert_eq!(rows, nanjing(&[35, 51, 52]));
    let dense = store.dense(&[site(NANJING)], &[Pollutant::Pm25], hour(1), hour(3)).await.unwrap();
    assert_eq!(dense[0].values, [35, 51, 52].map(|value| Some(Concentration::micrograms(value))));
    let sources: Vec<_> =
        store.series().await.unwrap().into_iter().map(|series| (series.source, series.hours)).collect();
    assert_eq!(sources, [("cnemc-city".to_string(), 2), ("archive".to_string(), 3)]);
}

async fn the_latest_hour_has_a_usable_value(place: Place) {
    let store = place.open().await;
    assert_eq!(store.latest_hour(hour(24)).await.unwrap(), None);
    let hole = row(NANJING, Pollutant::Pm25, 9, Reading::Missing(Missing::Stale));
    import(&store, "a", &[nanjing(&[35, 36, 37]), vec![hole, row(XUZHOU, Pollutant::Co, 5, valid(900))]].concat())
        .await;
    assert_eq!(store.latest_hour(hour(24)).await.unwrap(), Some(hour(5)));
    assert_eq!(store.latest_hour(hour(4)).await.unwrap(), Some(hour(3)));
    assert_eq!(store.latest_hour(hour(0)).await.unwrap(), None);
}

async fn guidance_is_told_by_its_newest_run(place: Place) {
    let store = place.open().await;
    assert!(store.newest_guidance(hour(0), hour(99)).await.unwrap().is_empty());
    let row = |model: &str, run: i64, body: &[u8]| GuidanceRow {
        model: model.into(),
        run: hour(run),
        arrived_at: moment(),
        file: "cmaq.nc".into(),
        sha256: "ab".into(),
        body: body.to_vec(),
    };
    for (one, new) in [
        (row("cmaq", 12, b"old"), true),
        (row("cmaq", 36, b"first"), true),
        (row("cmaq", 36, b"again"), false),
        (row("cams", 12, b"cams"), true),
    ] {
        assert_eq!(store.save_guidance(&one).await.unwrap(), new);
    }
    let newest = async |first: i64, last: i64| {
        let rows = store.newest_guidance(hour(first), hour(last)).await.unwrap();
        rows.into_iter().map(|row| (row.model, row.run, row.body)).collect::<Vec<_>>()
    };
    let told = |model: &str, run: i64, body: &[u8]| (model.to_string(), hour(run), body.to_vec());
    assert_eq!(newest(0, 40).await, [told("cams", 12, b"cams"), told("cmaq", 36, b"again")]);
    assert_eq!(
        newest(0, 35).await,
        [told("cams", 12, b"cams"), told("cmaq", 12, b"old")],
        "later runs are not known yet"
    );
    assert_eq!(newest(13, 40).await, [told("cmaq", 36, b"again")]);
}

async fn models_and_runs_come_back(place: Place) {
    let store = place.open().await;
    assert_eq!((store.model("m1").await.unwrap(), store.run(hour(20)).await.unwrap()), (None, None));
    let body: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let model = ModelRow { id: "m1".into(), trained_until: hour(0), created_at: moment(), body: body.clone() };
    let later = ModelRow { id: "m2".into(), trained_until: hour(1), ..model.clone() };
    for model in [&model, &model, &later] {
        store.save_model(model).await.unwrap();
    }
    assert_eq!(store.model("m1").await.unwrap(), Some(model));
    let models = store.models().await.unwrap();
    assert_eq!(models.iter().map(|model| model.id.as_str()).collect::<Vec<_>>(), ["m2", "m1"]);

    let run = RunRow {
        issue: hour(20),
        model: "m1".into(),
        trained_until: hour(0),
        state: RunState::Automatic,
        created_at: moment(),
        body,
    };
    let reviewed = RunRow { state: RunState::Reviewed, body: vec![], ..run.clone() };
    let next = RunRow { issue: hour(44), ..run.clone() };
    for run in [&run, &reviewed, &next] {
        store.save_run(run).await.unwrap();
    }
    assert_eq!(store.run(hour(20)).await.unwrap(), Some(reviewed));
    assert_eq!(store.run(hour(44)).await.unwrap(), Some(next));
    let issues = async || store.runs().await.unwrap().iter().map(|run| run.issue).collect::<Vec<_>>();
    assert_eq!(issues().await, [hour(44), hour(20)]);

    for label in [21, 24, 43] {
        store.save_run(&RunRow { issue: hour(label), ..run.clone() }).await.unwrap();
    }
    assert_eq!(store.forget_runs_but(20, hour(43)).await.unwrap(), 2);
    assert_eq!(issues().await, [hour(44), hour(43), hour(20)], "the daily run and what is not old stays");
    assert_eq!(store.forget_runs_but(24, hour(44)).await.unwrap(), 2);
}

async fn settings_are_replaced(place: Place) {
    let store = place.open().await;
    assert_eq!(store.setting("as_of").await.unwrap(), None);
    for value in ["2018-01-13T20:00:00+08:00", "晴空"] {
        store.set_setting("as_of", value).await.unwrap();
        assert_eq!(store.setting("as_of").await.unwrap().as_deref(), Some(value));
    }
    assert_eq!(store.setting("demo").await.unwrap(), None);
}
