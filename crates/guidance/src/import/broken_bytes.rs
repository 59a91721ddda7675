//! Bytes from outside that are cut, changed or lie about their lengths: read or refused, never a panic, and never
//! room made for a number that the file states (2³² values of eight bytes would not fit any machine here).

use super::{Request, cams_grid, cams_point, camx, cmaq, kdd, read, table, wrf_chem};
use crate::{Place, Sampling};
use proptest::prelude::*;

fn samples() -> Vec<Vec<u8>> {
    vec![
        cmaq::tests::sample("OPACONC", "ppbV"),
        wrf_chem::tests::sample("ppmv"),
        cams_grid::tests::sample("kg m**-3"),
        camx::tests::sample(0.5, &[("O3", 0.05), ("PSO4", 10.0), ("CCRS", 20.0)]),
        cams_point::tests::sample(),
        kdd::tests::SAMPLE.as_bytes().to_vec(),
        table::tests::SAMPLE.as_bytes().to_vec(),
    ]
}

/// Whether the bytes were read; that this returns at all is what is tested.
fn try_read(bytes: &[u8]) -> bool {
    let places = [Place { name: "南京".into(), lon: 118.8, lat: 31.9 }];
    let run = "2018-05-09T07:00:00+08:00".parse().ok();
    let sampling = Sampling::Bilinear;
    read(bytes, &Request { places: &places, sampling, run, ..Request::default() }).is_ok()
}

#[test]
fn every_sample_is_read_and_no_beginning_of_one_is_a_panic() {
    for (number, sample) in samples().iter().enumerate() {
        assert!(try_read(sample), "sample {number}");
        let step = (sample.len() / 400).max(1);
        let cuts = (0..sample.len()).step_by(step).filter(|length| try_read(&sample[..*length]));
        assert!(cuts.count() < sample.len() / step, "sample {number}: nothing was missed however much was cut");
    }
}

#[test]
fn a_length_that_lies_makes_no_room() {
    for sample in samples() {
        for at in (0..sample.len().saturating_sub(8)).step_by(4).take(600) {
            for lie in [[0xff; 4], [0x7f, 0xff, 0xff, 0xff], [0, 0xff, 0xff, 0xff]] {
                let mut changed = sample.clone();
                changed[at..at + 4].copy_from_slice(&lie);
                try_read(&changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn changed_bytes_are_read_or_refused(
        sample in 0usize..7,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = samples().swap_remove(sample);
        for (at, value) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
        if cut {
            bytes.truncate(keep.index(bytes.len()));
        }
        try_read(&bytes);
    }

    #[test]
    fn noise_after_any_signature_is_read_or_refused(
        noise in prop::collection::vec(any::<u8>(), 0..400),
        signature in prop::sample::select(vec![
            b"CDF\x01".to_vec(), b"CDF\x02".to_vec(), b"CDF\x05".to_vec(), b"\0\0\x01\x30".to_vec(), b"test_id,".to_vec(),
            vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], vec![0x1f, 0x8b, 8], vec![],
        ]),
    ) {
        try_read(&[signature, noise].concat());
    }
}
