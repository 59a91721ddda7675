//! Frames a second on one core: cut only, decoded with every value as a typed number, and a plain splitter beside them.

use hj212::{CrcProfile, CutWhat, Devices, Flag, Framer, Message, What};
use std::collections::HashMap;
use std::fmt::Write;
use std::hint::black_box;

const ROUNDS: usize = 7;
const FRAMES: usize = 20_000;

fn main() {
    let (stream, bytes) = stream();
    println!("{FRAMES} frames, {} bytes each on average; best of {ROUNDS}, time on the processor", bytes / FRAMES);
    let reference = report("owned map (reference)", &stream, owned_map);
    for (name, work) in [("cut and check sum", cut as fn(&[u8]) -> usize), ("typed factors", typed)] {
        let rate = report(name, &stream, work);
        println!("    {:.1} times the reference", rate / reference);
    }
}

fn report(name: &str, stream: &[u8], work: fn(&[u8]) -> usize) -> f64 {
    let mut best = f64::MAX;
    let mut values = 0;
    for _ in 0..ROUNDS {
        let begun = processor_seconds();
        values = black_box(work(black_box(stream)));
        best = best.min(processor_seconds() - begun);
    }
    let rate = FRAMES as f64 / best;
    println!("{name:<24} {:>9.0} frames/s  {:>12.0} values/s  ({values} in all)", rate, values as f64 / best);
    rate
}

/// Time this process spent on a processor: the machine may be shared.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").expect("Linux tells the time on the processor");
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).expect("its first number") / 1e9
}

fn each(stream: &[u8], mut take: impl FnMut(&mut Framer, &Devices) -> Option<usize>) -> usize {
    let (mut framer, devices, mut sum) = (Framer::default(), Devices::default(), 0);
    let mut rest = stream;
    while !rest.is_empty() {
        rest = &rest[framer.push(rest)..];
        while let Some(count) = take(&mut framer, &devices) {
            sum += count;
        }
    }
    sum
}

fn cut(stream: &[u8]) -> usize {
    each(stream, |framer, devices| {
        framer.cut(devices).map(|found| usize::from(matches!(black_box(found.what), CutWhat::Cut(_))))
    })
}

fn typed(stream: &[u8]) -> usize {
    each(stream, |framer, devices| match framer.find(devices)?.what {
        What::Frame(frame) => {
            let typed = |factor: hj212::Factor| usize::from(black_box((factor.suffix, factor.number())).0.is_some());
            Some(frame.factors().map(typed).sum())
        }
        other => panic!("the bench's own frames are good: {other:?}"),
    })
}

/// What a short script does: lines, `;` and `,` and `=`, owned texts in a map, the same check sum.
fn owned_map(stream: &[u8]) -> usize {
    let text = std::str::from_utf8(stream).expect("the bench's own frames are text");
    let mut sum = 0;
    for line in text.split_terminator("\r\n") {
        let segment = &line[6..line.len() - 4];
        assert_eq!(format!("{:04X}", CrcProfile::Standard.of(segment.as_bytes())), line[line.len() - 4..]);
        let content = segment.split_once("CP=&&").expect("content").1;
        let mut map = HashMap::new();
        for (key, value) in content.split([';', ',']).filter_map(|item| item.split_once('=')) {
            map.insert(key.to_string(), value.to_string());
        }
        sum += black_box(&map).keys().filter(|key| key.contains('-')).count();
    }
    sum
}

/// Half real-time values of stacks, a fifth their minutes, the rest water, 2005 and equipment.
fn stream() -> (Vec<u8>, usize) {
    let kinds = [stack(), stack(), stack(), stack(), stack(), minutes(), minutes(), water(), old(), equipment()];
    let stream: Vec<u8> = (0..FRAMES).flat_map(|place| kinds[place % kinds.len()].clone()).collect();
    let bytes = stream.len();
    (stream, bytes)
}

fn frame(st: &str, cn: u16, mn: &str, flag: u8, content: String) -> Vec<u8> {
    let message = Message {
        qn: Some("20240601085857223".into()),
        st: st.into(),
        cn,
        pw: Some("123456".into()),
        mn: mn.into(),
        flag: Flag(Some(flag)),
        part: None,
        supplementary: false,
        content,
    };
    message.encode(CrcProfile::Standard, None).expect("the bench's own messages can be sent")
}

const MN: &str = "010000A8900016F000169DC0";

fn content(codes: &[&str], suffixes: &[&str]) -> String {
    let mut text = "DataTime=20240601085800".to_string();
    for (place, code) in codes.iter().enumerate() {
        for (count, suffix) in suffixes.iter().enumerate() {
            let _infallible = write!(
                text,
                "{}{code}-{suffix}={}.{:02}",
                if count == 0 { ";" } else { "," },
                place * 7 + 1,
                count + 10
            );
        }
        let _infallible = write!(text, ",{code}-Flag=N");
    }
    text
}

fn stack() -> Vec<u8> {
    let codes = ["a34013", "a21026", "a21002", "a21005", "a19001", "a01011", "a01012", "a01013", "a01014", "a00000"];
    frame("31", 2011, MN, 5, content(&codes, &["Rtd", "ZsRtd"]))
}

fn minutes() -> Vec<u8> {
    let codes = ["a34013", "a21026", "a21002", "a19001", "a01011", "a01012", "a01013", "a00000"];
    frame("31", 2051, MN, 5, content(&codes, &["Min", "Avg", "Max", "Cou"]))
}

fn water() -> Vec<u8> {
    frame("32", 2011, MN, 5, content(&["w01018", "w21003", "w21011", "w21001", "w01001", "w00000"], &["Rtd"]))
}

fn old() -> Vec<u8> {
    frame("32", 2061, "88888880000001", 1, content(&["011", "060", "101", "B01"], &["Min", "Avg", "Max", "Cou"]))
}

fn equipment() -> Vec<u8> {
    let text = (1..9).fold("DataTime=20240601085800".to_string(), |text, number| format!("{text};SB{number}-RS=1"));
    frame("31", 2021, MN, 4, text)
}
