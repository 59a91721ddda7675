use super::*;
use crate::{Charset, Message, Reassembly, TimeLabel, answer, request_return};
use rust_decimal::Decimal;
use units::Instant;

#[test]
fn a_whole_frame_tells_header_groups_factors_and_the_answer() {
    let report = &reports(&upload(VALUES), &Devices::default())[0];
    assert_eq!((report.outcome, report.offset, report.declared_len), ("accept", 0, Some(upload(VALUES).len() - 12)));
    assert_eq!(report.header.get("MN").unwrap(), MN);
    assert_eq!(report.header.get("CP"), None);
    let flag = report.flag.as_ref().unwrap();
    assert_eq!((flag.value, flag.version, flag.split, flag.ack), (Some(5), Some("2017"), false, true));
    let groups: Vec<usize> = report.cp_groups.iter().map(Vec::len).collect();
    assert_eq!(groups, [1, 3, 2]);
    assert_eq!(report.factors.get("a21026").unwrap().get("Rtd").unwrap(), "3.05");
    assert_eq!(report.fields.get("DataTime").unwrap(), "20240601085800");
    let expected = frame(&format!("QN=20240601085857223;ST=91;CN=9014;PW=123456;MN={MN};Flag=4;CP=&&&&"));
    assert_eq!(report.reply.as_deref().unwrap().as_bytes(), expected);
}

#[test]
fn numbers_are_exact_beside_the_text_as_sent() {
    with_frame(&upload(VALUES), &Devices::default(), |frame| {
        let numbers: Vec<_> = frame.factors().filter_map(|factor| factor.number()).collect();
        assert_eq!(numbers, [Decimal::new(305, 2), Decimal::new(410, 2), Decimal::new(72, 1)]);
        assert_eq!(frame.data_time().unwrap().to_string(), "2024-06-01T08:58:00+08:00");
        assert_eq!(frame.time_label(), TimeLabel::Moment);
        assert_eq!(frame.command().unwrap().cn, 2011);
    });
    let hour = frame(&format!(
        "QN=20240601085857223;ST=31;CN=2061;PW=123456;MN={MN};Flag=4;CP=&&DataTime=20240601080000;a21026-Avg=1&&"
    ));
    with_frame(&hour, &Devices::default(), |frame| assert_eq!(frame.time_label(), TimeLabel::StartOfInterval));
}

#[test]
fn misprints_and_field_habits_of_the_content_are_tolerated_by_name() {
    for (content, expected) in [
        ("DataTime=20240601085800;a21026-Rtd=1,a21026-flag=N", "suffix_case"),
        ("DataTime=20240601085800;LA-td=50.1,LA-Flag=N", "suffix_unknown"),
        ("DataTime=20240601085800;01018-Rtd=50.1", "factor_without_letter"),
        ("DataTime=20240601085800;a21026-Rtd=1;", "empty_item"),
        ("DataTime=20240601085800; a21026-Rtd=1", "spaces"),
        ("DataTime=20240601085800123;a21026-Rtd=1", "data_time_milliseconds"),
        ("DataTime=20240601085800;a21026-Rtd=", "value_empty"),
        ("DataTime=20240601085800;a21026-Rtd=--", "value_not_number"),
        ("DataTime=20240601085800;a21026-Rtd=1,a21026-Flag=n", "data_flag_unknown"),
        ("DataTime=20240601085800;a21026-Rtd=1;a21026-Rtd=2", "repeated_key"),
        ("DataTime=20240601085800;SBxxx-RS=1", "equipment_unnumbered"),
        ("DataTime=20240601085800;g11901-Rtd=95.5", "factor_ambiguous"),
        ("DataTime=20240601085800;a21026-ResultType=1", "suffix_not_in_edition"),
        ("DataTime=20240601085800;a21026-SampleTime=2024", "time_form"),
        ("Datatime=20240601085800", "field_case"),
        ("BeginTime=20240601000000,EndTime=20240602000000", "comma_between_times"),
        ("DataTime=20240601085800;a21026", "item_without_value"),
        ("DataTime=20240601085800;i11001-Info=//a\tb//", "control_in_content"),
    ] {
        assert_eq!(outcome(&upload(content)), format!("accept_warn {expected}"), "{content}");
    }
    let ctime = frame(&format!(
        "QN=20240601085857223;ST=32;CN=3016;PW=123456;MN={MN};Flag=5;CP=&&PolId=w01018;CstartTime=000000;Ctime=2&&"
    ));
    assert_eq!(outcome(&ctime), "accept_warn field_case");
}

#[test]
fn values_that_belong_to_no_moment_are_refused() {
    for (content, expected) in [
        ("DataTime=20240230085800;a21026-Rtd=1", "reject H-215"),
        ("DataTime=;a21026-Rtd=1", "reject H-215"),
        ("DataTime=2024060108580012;a21026-Rtd=1", "reject H-215"),
        ("a21026-Rtd=1", "reject H-217"),
        ("DataTime=20240601085800;a21026-Rtd=1;DataTime=20240601085900;a21026-Avg=2", "reject H-216"),
        ("DataTime=20240601085800&&;a21026-Rtd=1", "reject H-213"),
    ] {
        assert_eq!(outcome(&upload(content)), expected, "{content}");
    }
    assert_eq!(outcome(&upload("DataTime=20240229085800;a21026-Rtd=1")), "accept");
}

#[test]
fn repeated_groups_of_an_analyser_are_all_kept_in_order() {
    let content =
        "DataTime=20240601085800;PolId=w01018,i13004-Info=165;PolId=w21003,i13004-Info=80;PolId=w21011,i13004-Info=120";
    let bytes = frame(&format!("QN=20240601085857223;ST=32;CN=3020;PW=123456;MN={MN};Flag=4;CP=&&{content}&&"));
    let report = &reports(&bytes, &Devices::default())[0];
    assert_eq!((report.outcome, report.cp_groups.len()), ("accept", 4));
    with_frame(&bytes, &Devices::default(), |frame| {
        let values: Vec<_> = frame.factors().map(|f| (f.polluter.unwrap(), f.value)).collect();
        assert_eq!(values, [("w01018", "165"), ("w21003", "80"), ("w21011", "120")]);
    });
}

#[test]
fn check_sums_go_by_registration_and_never_by_guess() {
    let segment = format!("QN=20240601085857223;ST=31;CN=2011;PW=123456;MN={MN};Flag=4;CP=&&{VALUES}&&");
    for (crc, warning) in [(CrcProfile::Modbus, "crc_modbus"), (CrcProfile::Swapped, "crc_swapped")] {
        let bytes = frame_of(segment.as_bytes(), crc);
        let devices = registered(Profile { crc, ..Profile::default() });
        assert_eq!(outcomes(&reports(&bytes, &devices)), [format!("accept_warn {warning}")]);
        let unregistered = &reports(&bytes, &Devices::default())[0];
        let hint = format!("\"crc\": \"{}\"", crc.word());
        assert!(unregistered.outcome == "reject" && unregistered.error.as_ref().unwrap().contains(&hint));
        assert_eq!(outcomes(&reports(&frame(&segment), &devices)), ["reject H-205"]);
    }
    let lower = String::from_utf8(frame(&segment)).unwrap();
    let (body, crc) = lower.split_at(lower.len() - 6);
    assert!(crc.bytes().any(|byte| byte.is_ascii_uppercase()), "{crc} would not show it");
    assert_eq!(outcome(format!("{body}{}", crc.to_lowercase()).as_bytes()), "accept_warn crc_lower_case");
}

#[test]
fn encrypted_content_is_read_with_the_key_and_named_without() {
    let message = Message {
        qn: Some("20260601085857223".into()),
        st: "31".into(),
        cn: 2011,
        pw: Some("123456".into()),
        mn: MN.into(),
        flag: crate::Flag(Some(9)),
        part: None,
        supplementary: true,
        content: VALUES.replace("2024", "2026"),
    };
    let encrypted = message.encode(CrcProfile::Standard, Some(&key())).unwrap();
    let plain = message.encode(CrcProfile::Standard, None).unwrap();
    assert_eq!(encrypted.len(), plain.len());
    let devices = registered(Profile { key: Some(key()), ..Profile::default() });
    with_frame(&encrypted, &devices, |frame| {
        assert!(frame.encrypted && frame.warnings.is_empty() && frame.header.supplementary);
        assert_eq!(frame.content(), message.content);
    });
    let reply = reports(&encrypted, &devices)[0].reply.clone().unwrap();
    assert!(reply.contains("CN=9014;") && reply.contains("Flag=8;CP=&&&&"), "{reply}");
    assert_eq!(outcomes(&reports(&plain, &devices)), ["accept_warn not_encrypted"]);
    assert_eq!(outcome(&encrypted), "reject H-206");
    let wrong = registered(Profile { key: Some(Key::from_bytes([1; 16])), ..Profile::default() });
    assert_eq!(outcomes(&reports(&encrypted, &wrong)), ["reject H-205"]);
}

#[test]
fn chinese_text_comes_in_either_set_and_counted_in_either_way() {
    let segment = |text: &[u8]| {
        let mut bytes = format!("QN=20240601085857223;ST=32;CN=3020;PW=123456;MN={MN};Flag=4;CP=&&DataTime=20240601085800;PolId=w01018,i11001-Info=//").into_bytes();
        bytes.extend_from_slice(text);
        bytes.extend(b"//&&");
        bytes
    };
    let (gbk, utf8) = (encoding_rs::GBK.encode("清洗管路").0.into_owned(), "清洗管路".as_bytes().to_vec());
    let standard = |text: &[u8]| frame_of(&segment(text), CrcProfile::Standard);
    let read = |bytes: &[u8], devices: &Devices| {
        let report = &reports(bytes, devices)[0];
        let text = report.factors.get("i11001").and_then(|fields| fields.get("Info")).cloned();
        (outcomes(std::slice::from_ref(report)).remove(0), text.unwrap_or_default())
    };
    let none = Devices::default();
    assert_eq!(read(&standard(&utf8), &none), ("accept".into(), "//清洗管路//".into()));
    assert_eq!(read(&standard(&gbk), &none), ("accept_warn text_gbk".into(), "//清洗管路//".into()));
    let devices = registered(Profile { charset: Charset::Gbk, ..Profile::default() });
    assert_eq!(read(&standard(&gbk), &devices).1, "//清洗管路//");
    assert!(read(&standard(&[0xFF, 0xFE, b'a']), &none).0.contains("text_damaged"));
    for (text, warning) in [(&utf8, ""), (&gbk, " text_gbk")] {
        let bytes = segment(text);
        let characters = bytes.len() - text.len() + 4;
        let mut counted = format!("##{characters:04}").into_bytes();
        counted.extend_from_slice(&standard(text)[6..]);
        assert_eq!(
            read(&counted, &none),
            (format!("accept_warn length_in_characters{warning}"), "//清洗管路//".into())
        );
    }
}

#[test]
fn only_what_asks_and_is_no_answer_is_answered() {
    let said = |segment: &str| {
        let bytes = frame(segment);
        let report = reports(&bytes, &Devices::default()).remove(0);
        assert!(report.outcome.starts_with("accept"), "{segment} {:?}", report.error);
        report.reply.map(|reply| reply[6..reply.len() - 6].to_string())
    };
    let with = |cn: u16, flag: u8, content: &str| {
        said(&format!("QN=20240601085857223;ST=31;CN={cn};PW=123456;MN={MN};Flag={flag};CP=&&{content}&&"))
    };
    let reply =
        |cn: u16, flag: u8| Some(format!("QN=20240601085857223;ST=91;CN={cn};PW=123456;MN={MN};Flag={flag};CP=&&&&"));
    assert_eq!(with(2011, 5, VALUES), reply(9014, 4));
    assert_eq!(with(2011, 4, VALUES), None);
    assert_eq!(with(2011, 5, ""), None, "a request");
    assert_eq!(with(2061, 5, "BeginTime=20240601000000;EndTime=20240602000000"), None, "a request");
    assert_eq!(with(1013, 5, "PolId=w01018"), reply(9013, 4));
    assert_eq!(with(9015, 9, ""), reply(9013, 8));
    assert_eq!(with(9014, 5, ""), None, "an answer");
    assert_eq!(with(9011, 5, "QnRtn=1"), None);
    assert_eq!(with(1012, 5, "SystemTime=20240601085800"), None, "the centre's own");
    assert_eq!(with(9999, 5, ""), None, "unknown");
    let nobody = said(&format!("QN=20240601085857223;ST=31;CN=2011;PW=;MN=;Flag=5;CP=&&{VALUES}&&"));
    assert_eq!(nobody, None, "no device to go to");
    let nameless = said(&format!("ST=31;CN=2011;PW=123456;MN={MN};Flag=5;CP=&&{VALUES}&&"));
    assert_eq!(nameless, None, "no QN to repeat");
}

#[test]
fn an_answer_of_2005_carries_what_it_answers_in_its_content() {
    let segment = "QN=20040516010101001;ST=32;CN=2011;PW=123456;MN=88888880000001;Flag=3;PNUM=2;PNO=1;CP=&&DataTime=20040516010100;011-Rtd=50.1&&";
    with_frame(&frame(segment), &Devices::default(), |frame| {
        let said = answer(frame).unwrap();
        assert_eq!((said.qn, said.content.as_str()), (None, "QN=20040516010101001;CN=2011;PNO=1"));
        let returned = request_return(frame, 1).unwrap();
        assert_eq!(returned.content, "QN=20040516010101001;CN=2011;PNO=1;QnRtn=1");
    });
}

#[test]
fn the_surface_water_dialect_is_registered_not_guessed() {
    let bytes = frame("QN=20200601085857223;ST=21;CN=9015;PW=123456;MN=A110000_0001;Flag=9;CP=&&&&");
    assert_eq!(outcome(&bytes), "accept_warn mn_length mn_characters dialect_doubtful");
    let mut devices = Devices::default();
    devices.register("A110000_0001".into(), dialect(Edition::SurfaceWater));
    let report = &reports(&bytes, &devices)[0];
    assert_eq!((report.outcome, report.flag.as_ref().unwrap().version), ("accept", Some("surface-water")));
    assert!(report.reply.as_ref().unwrap().contains("CN=9013;"));
}

fn part(number: u16, count: u16, content: &str) -> Vec<u8> {
    frame(&format!(
        "QN=20240601085857{number:03};ST=31;CN=2051;PW=123456;MN={MN};Flag=7;PNUM={count};PNO={number};CP=&&DataTime=20240601085800;{content}&&"
    ))
}

fn at(minute: u32) -> Instant {
    format!("2024-06-01T09:{minute:02}:00+08:00").parse().unwrap()
}

#[test]
fn split_messages_are_put_together_in_any_order() {
    let mut sets = Reassembly::default();
    let mut take = |bytes: &[u8], minute| with_frame(bytes, &Devices::default(), |frame| sets.take(frame, at(minute)));
    assert_eq!(take(&part(3, 3, "c-Avg=3"), 0).unwrap(), None);
    assert_eq!(take(&part(1, 3, "a-Avg=1"), 1).unwrap(), None);
    assert_eq!(take(&part(1, 3, "a-Avg=1"), 1).unwrap(), None, "sent again");
    assert!(take(&part(1, 3, "a-Avg=9"), 1).unwrap_err().to_string().starts_with("H-401"));
    let whole = take(&part(2, 3, "b-Avg=2"), 2).unwrap().unwrap();
    let values: Vec<&str> = whole.iter().map(|text| text.rsplit(';').next().unwrap()).collect();
    assert_eq!(values, ["a-Avg=1", "b-Avg=2", "c-Avg=3"]);
    assert!(take(&part(1, 1, "a-Avg=1"), 2).unwrap().is_some(), "one of one is whole");
}

#[test]
fn unfinished_sets_are_limited_and_expire() {
    let mut sets = Reassembly::default();
    for count in 2..10 {
        let taken = with_frame(&part(1, count, "a-Avg=1"), &Devices::default(), |frame| sets.take(frame, at(0)));
        assert_eq!(taken.unwrap(), None);
    }
    let full = with_frame(&part(1, 9999, "a-Avg=1"), &Devices::default(), |frame| sets.take(frame, at(1)));
    assert!(full.unwrap_err().to_string().starts_with("H-402"));
    assert_eq!(sets.expire(at(9)).len(), 0);
    let given_up = sets.expire(at(10));
    assert_eq!((given_up.len(), given_up[0].parts.len()), (8, 1));
    assert_eq!(sets.expire(at(59)).len(), 0);
}

#[test]
fn the_guide_names_every_warning_and_every_refusal() {
    let guide = include_str!("../../../../docs/guide/hj212.md");
    let missing: Vec<_> =
        crate::Warning::ALL.iter().map(|w| w.name()).filter(|name| !guide.contains(&format!("`{name}`"))).collect();
    assert_eq!(missing, [""; 0]);
    for code in 201..=217 {
        assert!(guide.contains(&format!("H-{code}")), "H-{code}");
    }
}
