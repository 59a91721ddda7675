//! Commands a centre sends to a device.

use crate::edition::{Edition, Flag};
use crate::error::Hj212Error;
use crate::message::{Message, unsendable};
use crate::moment::write_14;
use crate::tables::tables;
use units::Instant;

/// What history is asked for again (补取的数据种类).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// 2031, days.
    Days,
    /// 2041, hours that equipment ran.
    RunningTimes,
    /// 2051, minutes.
    Minutes,
    /// 2061, hours.
    Hours,
}

/// A command to a device (下行命令). Each is refused `H-302` where the device's edition does not have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// 1000 设置超时时间及重发次数; both from 1 to 99.
    SetTimeouts {
        /// Seconds.
        over_time: u8,
        /// Times.
        resends: u8,
    },
    /// 1002 设置 MN 编码: the device with this serial takes the MN of the header.
    AssignMn {
        /// Serial of the logger (i23005).
        logger: String,
    },
    /// 1011 提取现场机时间, of an analyser or of the logger.
    ReadTime {
        /// The analyser's factor.
        polluter: Option<String>,
    },
    /// 1012 设置现场机时间.
    SetTime {
        /// The analyser's factor.
        polluter: Option<String>,
        /// The time to set.
        time: Instant,
    },
    /// 1061 提取实时数据间隔.
    ReadRealTimeInterval,
    /// 1062 设置实时数据间隔; 30 to 3600 seconds.
    SetRealTimeInterval {
        /// Seconds.
        seconds: u16,
    },
    /// 1063 提取分钟数据间隔.
    ReadMinuteInterval,
    /// 1064 设置分钟数据间隔; a divisor of the hour up to 30.
    SetMinuteInterval {
        /// Minutes.
        minutes: u8,
    },
    /// 1072 设置现场机密码; the content is secret.
    SetPassword {
        /// Six characters.
        password: String,
    },
    /// 2011 取污染物实时数据: begin sending.
    StartRealTime,
    /// 2012 停止察看实时数据.
    StopRealTime,
    /// 2021 取设备运行状态: begin sending.
    StartEquipmentState,
    /// 2022 停止察看设备运行状态.
    StopEquipmentState,
    /// 2031, 2041, 2051, 2061 取历史数据: the way to what was lost (补传).
    BackFill {
        /// Which.
        history: History,
        /// First interval, by its start.
        from: Instant,
        /// Last interval.
        to: Instant,
    },
    /// 3011 零点校准量程校准; which of the two is said since 2025.
    Calibrate {
        /// The analyser's factor.
        polluter: String,
        /// 2025: span (true) or zero (false).
        span: Option<bool>,
    },
    /// 3012 即时采样.
    SampleNow {
        /// The analyser's factor.
        polluter: String,
    },
    /// 3013 启动清洗/反吹.
    Clean {
        /// The analyser's factor.
        polluter: String,
    },
    /// 3014 比对采样.
    CompareSample {
        /// The analyser's factor.
        polluter: String,
    },
    /// 3015 超标留样.
    RetainSample,
    /// 3018 提取出样时间.
    ReadSampleDuration {
        /// The analyser's factor.
        polluter: String,
    },
    /// 3019 提取设备唯一标识.
    ReadSerial {
        /// The analyser's factor.
        polluter: String,
    },
    /// 3020 提取现场机信息.
    ReadInfo {
        /// The analyser's factor.
        polluter: String,
        /// The code of the information, for example i11001.
        info: String,
        /// Over a time.
        span: Option<(Instant, Instant)>,
    },
    /// 3021 设置现场机参数.
    SetParameter {
        /// The analyser's factor.
        polluter: String,
        /// The code of the parameter, for example i13004.
        info: String,
        /// Its value.
        value: String,
    },
}

/// To whom and as what a command goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addressee<'a> {
    /// ST of the device.
    pub st: &'a str,
    /// MN of the device.
    pub mn: &'a str,
    /// PW of the device.
    pub pw: &'a str,
    /// The edition the device speaks.
    pub edition: Edition,
}

impl Command {
    /// CN.
    pub const fn cn(&self) -> u16 {
        match self {
            Command::SetTimeouts { .. } => 1000,
            Command::AssignMn { .. } => 1002,
            Command::ReadTime { .. } => 1011,
            Command::SetTime { .. } => 1012,
            Command::ReadRealTimeInterval => 1061,
            Command::SetRealTimeInterval { .. } => 1062,
            Command::ReadMinuteInterval => 1063,
            Command::SetMinuteInterval { .. } => 1064,
            Command::SetPassword { .. } => 1072,
            Command::StartRealTime => 2011,
            Command::StopRealTime => 2012,
            Command::StartEquipmentState => 2021,
            Command::StopEquipmentState => 2022,
            Command::BackFill { history: History::Days, .. } => 2031,
            Command::BackFill { history: History::RunningTimes, .. } => 2041,
            Command::BackFill { history: History::Minutes, .. } => 2051,
            Command::BackFill { history: History::Hours, .. } => 2061,
            Command::Calibrate { .. } => 3011,
            Command::SampleNow { .. } => 3012,
            Command::Clean { .. } => 3013,
            Command::CompareSample { .. } => 3014,
            Command::RetainSample => 3015,
            Command::ReadSampleDuration { .. } => 3018,
            Command::ReadSerial { .. } => 3019,
            Command::ReadInfo { .. } => 3020,
            Command::SetParameter { .. } => 3021,
        }
    }

    /// The message, which asks for an answer. `qn` is a time of 17 digits that no other command of the day has.
    ///
    /// Refuses `H-302` where the edition lacks the command, `H-301` for a value outside its range or with separators in it.
    pub fn message(&self, to: &Addressee, qn: &str) -> Result<Message, Hj212Error> {
        let cn = self.cn();
        // 3013 and 3014 meant something else in 2005.
        let renamed = to.edition == Edition::Hjt2005 && matches!(cn, 3013 | 3014);
        if renamed || !tables().command(cn).is_some_and(|entry| entry.in_edition(to.edition)) {
            return Err(Hj212Error::NotInEdition { cn, edition: to.edition.word() });
        }
        if crate::moment::parse_17(qn).is_none() {
            return Err(unsendable("QN", "a time of 17 digits".into()));
        }
        let content = self.pairs(to.edition)?.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>();
        Ok(Message {
            qn: Some(qn.into()),
            st: to.st.into(),
            cn,
            pw: Some(to.pw.into()),
            mn: to.mn.into(),
            flag: Flag(Some(flag_of(to.edition))),
            part: None,
            supplementary: false,
            content: content.join(self.separator()),
        })
    }

    /// A parameter stands in one group with the analyser it belongs to.
    fn separator(&self) -> &'static str {
        if matches!(self, Command::SetParameter { .. }) { "," } else { ";" }
    }

    fn pairs(&self, edition: Edition) -> Result<Vec<(String, String)>, Hj212Error> {
        let pair = |key: &str, value: &dyn ToString| (key.to_string(), value.to_string());
        let of = |polluter: &str| Ok(("PolId".to_string(), code("PolId", polluter)?));
        Ok(match self {
            Command::SetTimeouts { over_time, resends } => vec![
                pair("OverTime", &within("OverTime", u16::from(*over_time), 1..=99)?),
                pair("ReCount", &within("ReCount", u16::from(*resends), 1..=99)?),
            ],
            Command::AssignMn { logger } => vec![pair("i23005-Info", &code("i23005-Info", logger)?)],
            Command::ReadTime { polluter } => polluter.iter().map(|polluter| of(polluter)).collect::<Result<_, _>>()?,
            Command::SetTime { polluter, time } => {
                let mut pairs = polluter.iter().map(|polluter| of(polluter)).collect::<Result<Vec<_>, _>>()?;
                pairs.push(pair("SystemTime", &write_14(*time)));
                pairs
            }
            Command::SetRealTimeInterval { seconds } => {
                vec![pair("RtdInterval", &within("RtdInterval", *seconds, 30..=3600)?)]
            }
            Command::SetMinuteInterval { minutes } => {
                let divides = (1..=30).contains(minutes) && 60 % u16::from(*minutes) == 0;
                divides.then(|| vec![pair("MinInterval", minutes)]).ok_or_else(|| {
                    unsendable("MinInterval", format!("{minutes} is none of 1 2 3 4 5 6 10 12 15 20 30"))
                })?
            }
            Command::SetPassword { password } => {
                let fits = password.len() == 6 && password.bytes().all(|byte| byte.is_ascii_alphanumeric());
                fits.then(|| vec![pair("NewPW", password)])
                    .ok_or_else(|| unsendable("NewPW", "six letters or digits".into()))?
            }
            Command::BackFill { from, to, .. } => span(*from, *to)?.into(),
            Command::Calibrate { polluter, span } => {
                let mut pairs = vec![of(polluter)?];
                if let (Some(span), Edition::Hj2025) = (span, edition) {
                    pairs.push(pair("CalibrationType", &u8::from(*span)));
                }
                pairs
            }
            Command::SampleNow { polluter }
            | Command::Clean { polluter }
            | Command::CompareSample { polluter }
            | Command::ReadSampleDuration { polluter }
            | Command::ReadSerial { polluter } => vec![of(polluter)?],
            Command::ReadInfo { polluter, info, span: times } => {
                let mut pairs = vec![of(polluter)?, pair("InfoId", &code("InfoId", info)?)];
                if let Some((from, to)) = times {
                    pairs.extend(span(*from, *to)?);
                }
                pairs
            }
            Command::SetParameter { polluter, info, value } => {
                vec![of(polluter)?, pair(&format!("{}-Info", code("InfoId", info)?), &code("Info", value)?)]
            }
            Command::ReadRealTimeInterval
            | Command::ReadMinuteInterval
            | Command::StartRealTime
            | Command::StopRealTime
            | Command::StartEquipmentState
            | Command::StopEquipmentState
            | Command::RetainSample => vec![],
        })
    }
}

fn flag_of(edition: Edition) -> u8 {
    match edition {
        Edition::Hjt2005 => 1,
        Edition::Hj2017 => 5,
        Edition::Hj2025 | Edition::SurfaceWater => 9,
    }
}

fn within(field: &'static str, value: u16, range: std::ops::RangeInclusive<u16>) -> Result<u16, Hj212Error> {
    let fits = range.contains(&value);
    fits.then_some(value)
        .ok_or_else(|| unsendable(field, format!("{value} is not within {} to {}", range.start(), range.end())))
}

fn code(field: &'static str, text: &str) -> Result<String, Hj212Error> {
    let fits = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    fits.then(|| text.to_string()).ok_or_else(|| unsendable(field, "1 to 64 letters, digits or . _ -".into()))
}

fn span(from: Instant, to: Instant) -> Result<[(String, String); 2], Hj212Error> {
    if from > to {
        return Err(unsendable("BeginTime", format!("{from} lies after {to}")));
    }
    Ok([("BeginTime".into(), write_14(from)), ("EndTime".into(), write_14(to))])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TO: Addressee =
        Addressee { st: "32", mn: "010000A8900016F000169DC0", pw: "123456", edition: Edition::Hj2017 };
    const QN: &str = "20240601085857223";

    fn content(command: &Command, edition: Edition) -> Result<String, String> {
        command.message(&Addressee { edition, ..TO }, QN).map(|m| m.content).map_err(|e| e.to_string()[..5].to_string())
    }

    fn time(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn commands_say_what_the_standard_prints() {
        let (from, to) = (time("2024-06-01T00:00:00+08:00"), time("2024-06-01T23:00:00+08:00"));
        let cod = || "w01018".to_string();
        for (command, expected) in [
            (Command::SetTimeouts { over_time: 5, resends: 3 }, "OverTime=5;ReCount=3"),
            (Command::ReadTime { polluter: Some(cod()) }, "PolId=w01018"),
            (Command::SetTime { polluter: None, time: to }, "SystemTime=20240601230000"),
            (Command::SetRealTimeInterval { seconds: 30 }, "RtdInterval=30"),
            (Command::SetMinuteInterval { minutes: 10 }, "MinInterval=10"),
            (Command::StartRealTime, ""),
            (Command::RetainSample, ""),
            (
                Command::BackFill { history: History::Hours, from, to },
                "BeginTime=20240601000000;EndTime=20240601230000",
            ),
            (Command::Calibrate { polluter: cod(), span: Some(true) }, "PolId=w01018"),
            (
                Command::SetParameter { polluter: cod(), info: "i13004".into(), value: "165".into() },
                "PolId=w01018,i13004-Info=165",
            ),
        ] {
            assert_eq!(content(&command, Edition::Hj2017).unwrap(), expected);
        }
        let calibrate = Command::Calibrate { polluter: cod(), span: Some(true) };
        assert_eq!(content(&calibrate, Edition::Hj2025).unwrap(), "PolId=w01018;CalibrationType=1");
    }

    #[test]
    fn limits_hold_at_both_ends() {
        for (seconds, fits) in [(29, false), (30, true), (3600, true), (3601, false)] {
            assert_eq!(content(&Command::SetRealTimeInterval { seconds }, Edition::Hj2017).is_ok(), fits, "{seconds}");
        }
        for minutes in 0..=61 {
            let fits = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].contains(&minutes);
            assert_eq!(content(&Command::SetMinuteInterval { minutes }, Edition::Hj2017).is_ok(), fits, "{minutes}");
        }
        for (over_time, fits) in [(0, false), (1, true), (99, true), (100, false)] {
            assert_eq!(content(&Command::SetTimeouts { over_time, resends: 1 }, Edition::Hj2017).is_ok(), fits);
        }
        let (from, to) = (time("2024-06-01T01:00:00+08:00"), time("2024-06-01T00:00:00+08:00"));
        assert!(content(&Command::BackFill { history: History::Minutes, from, to }, Edition::Hj2017).is_err());
        assert!(content(&Command::SampleNow { polluter: "w01018;CN=1".into() }, Edition::Hj2017).is_err());
        assert!(content(&Command::SetPassword { password: "12345".into() }, Edition::Hj2017).is_err());
    }

    #[test]
    fn a_command_an_edition_does_not_have_is_refused() {
        let clean = Command::Clean { polluter: "w01018".into() };
        for (command, edition) in [
            (Command::ReadMinuteInterval, Edition::Hjt2005),
            (clean.clone(), Edition::Hjt2005),
            (Command::RetainSample, Edition::Hjt2005),
            (Command::AssignMn { logger: "A1".into() }, Edition::Hj2017),
            (Command::CompareSample { polluter: "w01018".into() }, Edition::Hj2025),
        ] {
            assert_eq!(content(&command, edition).unwrap_err(), "H-302");
        }
        assert!(content(&clean, Edition::Hj2017).is_ok());
        assert!(content(&Command::RetainSample, Edition::SurfaceWater).is_ok());
        assert!(Command::StartRealTime.message(&TO, "20240601").is_err());
    }
}
