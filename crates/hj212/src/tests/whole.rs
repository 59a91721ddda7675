//! What must hold for any bytes and any message. `PROPTEST_CASES=1000000 cargo test --release -p qingkong-hj212 whole`
//! runs them as a fuzzer does.

use super::*;
use crate::{Flag, Message, Part};
use proptest::prelude::*;

fn code() -> impl Strategy<Value = String> {
    prop_oneof!["[wa][0-9]{5}", "[0-9]{3}", "SB[1-9]"]
}

fn content() -> impl Strategy<Value = String> {
    let value =
        prop_oneof!["-?[0-9]{1,5}(\\.[0-9]{1,4})?", "[NFMSDCTB]", "//[^/&\\p{C}]{0,20}//", "[a-zA-Z0-9 .:_-]{0,12}"];
    let suffix = prop_oneof![Just("Rtd"), Just("Avg"), Just("Flag"), Just("Info"), Just("Odd")];
    let item = (code(), suffix, value).prop_map(|(code, suffix, value)| format!("{code}-{suffix}={value}"));
    let group = proptest::collection::vec(item, 1..4).prop_map(|items| items.join(","));
    proptest::collection::vec(group, 0..8).prop_map(|groups| {
        let time = ["DataTime=20240601085800".to_string()];
        time.into_iter().chain(groups).collect::<Vec<_>>().join(";")
    })
}

fn message() -> impl Strategy<Value = Message> {
    let qn = proptest::option::of("20[0-9]{2}0[1-9]1[0-9]{10}");
    let part = proptest::option::of((1_u16..=9999).prop_flat_map(|count| (Just(count), 1..=count)));
    let kind = (0_u8..3, any::<bool>(), any::<bool>());
    let texts = ("[0-9A-Z]{2}", proptest::option::of("[0-9a-zA-Z]{0,24}"), "[0-9A-F_-]{1,24}");
    (qn, texts, 1000_u16..=9999, kind, part, content()).prop_map(
        |(qn, (st, pw, mn), cn, (edition, ack, supplementary), part, content)| {
            let part = part.map(|(count, number)| Part { count, number });
            let flag = Flag(Some(edition << 2 | u8::from(part.is_some()) << 1 | u8::from(ack)));
            Message { qn, st, cn, pw, mn, flag, part, supplementary, content }
        },
    )
}

/// A message read back from a frame.
fn again(bytes: &[u8], devices: &Devices) -> Message {
    with_frame(bytes, devices, |frame| Message {
        qn: frame.header.qn.map(Into::into),
        st: frame.header.st.into(),
        cn: frame.header.cn,
        pw: frame.header.pw.map(Into::into),
        mn: frame.header.mn.into(),
        flag: frame.header.flag,
        part: frame.header.part,
        supplementary: frame.header.supplementary,
        content: frame.content().into(),
    })
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let frame = (message(), any::<bool>()).prop_map(|(message, encrypted)| {
        message.encode(CrcProfile::Standard, encrypted.then(key).as_ref()).unwrap_or_default()
    });
    let noise = proptest::collection::vec(prop_oneof![Just(b'#'), Just(b'&'), Just(b'0'), any::<u8>()], 0..40);
    proptest::collection::vec(prop_oneof![3 => frame, 1 => noise], 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn encode_then_decode_is_identity(message in message(), crc in prop_oneof![Just(CrcProfile::Standard), Just(CrcProfile::Modbus), Just(CrcProfile::Swapped)], encrypted: bool) {
        let key = encrypted.then(key);
        if let Ok(bytes) = message.encode(crc, key.as_ref()) {
            let mut devices = Devices::default();
            devices.register(message.mn.clone(), Profile { crc, key, ..Profile::default() });
            prop_assert_eq!(again(&bytes, &devices), message);
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic_and_the_same_in_pieces(bytes in stream(), changes in proptest::collection::vec((any::<usize>(), any::<u8>()), 0..6), piece in 1_usize..60) {
        let mut bytes = bytes;
        for (place, byte) in changes {
            let length = bytes.len().max(1);
            if let Some(changed) = bytes.get_mut(place % length) {
                *changed = byte;
            }
        }
        let devices = registered(Profile { key: Some(key()), ..Profile::default() });
        for devices in [&devices, &Devices::default()] {
            let frames = |piece| {
                let all = reports_of(&bytes, piece, devices).into_iter();
                all.filter(|report| report.outcome.starts_with("accept")).map(|report| (report.offset, report.cp_groups)).collect::<Vec<_>>()
            };
            prop_assert_eq!(frames(piece), frames(bytes.len().max(1)));
        }
    }

    #[test]
    fn a_good_frame_is_found_behind_any_noise(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
        let frame = upload(VALUES);
        let all = reports(&[&noise[..], &frame].concat(), &Devices::default());
        let start = noise.len() as u64;
        let clear = !noise.ends_with(b"#");
        prop_assert!(!clear || all.iter().any(|report| report.offset == start && report.outcome.starts_with("accept")), "{:?}", outcomes(&all));
    }

    #[test]
    fn every_value_stands_in_the_groups_as_sent(content in content()) {
        let all = reports(&upload(&content), &Devices::default());
        let told: Vec<String> = all[0].cp_groups.iter().map(|group| {
            group.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
        }).collect();
        prop_assert_eq!(told.join(";"), content);
    }
}
