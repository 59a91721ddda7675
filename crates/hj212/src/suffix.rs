use crate::edition::Edition;

/// What stands behind `=` for a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A number.
    Number,
    /// One character of the data marks.
    Mark,
    /// A time of 14 digits.
    Time,
    /// Any text.
    Text,
}

macro_rules! suffixes {
    ($($variant:ident $bytes:literal: $kind:ident $(only $edition:ident)?, $doc:literal;)*) => {
        /// The suffix of a factor (因子字段后缀), the part of a key behind `-`.
        ///
        /// Source: `data/hj212/suffixes.toml`, which is held against this list when it is read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Suffix { $(#[doc = $doc] $variant,)* }

        impl Suffix {
            /// All of them.
            pub const ALL: &[Suffix] = &[$(Suffix::$variant,)*];

            /// By its name, exactly; names are case sensitive.
            pub fn of(name: &str) -> Option<Suffix> {
                // Bytes, because a match over them branches on length and letters; over texts it compares one by one.
                match name.as_bytes() { $($bytes => Some(Suffix::$variant),)* _ => None }
            }

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Suffix::$variant => stringify!($variant),)* }
            }

            /// What its value is.
            pub const fn kind(self) -> ValueKind {
                match self { $(Suffix::$variant => ValueKind::$kind,)* }
            }

            /// The only edition that has it.
            pub const fn only_in(self) -> Option<Edition> {
                match self { $($(Suffix::$variant => Some(Edition::$edition),)?)* _ => None }
            }
        }
    };
}

suffixes! {
    Rtd b"Rtd": Number, "实时值, at the moment.";
    Min b"Min": Number, "最小值, least of the interval.";
    Avg b"Avg": Number, "平均值, mean of the interval.";
    Max b"Max": Number, "最大值, greatest of the interval.";
    Cou b"Cou": Number, "累计值, amount over the interval.";
    ZsRtd b"ZsRtd": Number, "折算实时值, converted to the reference oxygen.";
    ZsMin b"ZsMin": Number, "折算最小值.";
    ZsAvg b"ZsAvg": Number, "折算平均值.";
    ZsMax b"ZsMax": Number, "折算最大值.";
    Flag b"Flag": Mark, "数据标记, data mark.";
    EFlag b"EFlag": Text, "扩充数据标记, four characters of the device's own.";
    SampleTime b"SampleTime": Time, "采样时间, when the sample was taken.";
    RS b"RS": Text, "设备运行状态, running state of equipment SBx.";
    RT b"RT": Number, "设备一日运行小时, hours equipment SBx ran in a day.";
    Data b"Data": Number, "噪声时段值, noise of a period.";
    DayData b"DayData": Number, "噪声昼间值, noise by day.";
    NightData b"NightData": Number, "噪声夜间值, noise by night.";
    Info b"Info": Text, "现场端信息, log, state or parameter.";
    SN b"SN": Text, "仪表编码, serial number.";
    Ala b"Ala": Number only Hjt2005, "报警事件, value that raised an alarm.";
    UpValue b"UpValue": Number only Hjt2005, "报警上限, upper alarm limit.";
    LowValue b"LowValue": Number only Hjt2005, "报警下限, lower alarm limit.";
    CompleteTime b"CompleteTime": Time only Hj2025, "完成时间, when the measurement was complete.";
    SampleType b"SampleType": Text only Hj2025, "采样类型, kind of sample.";
    SampleRd b"SampleRd": Number only Hj2025, "标样测定值, reading of a standard.";
    StandardValue b"StandardValue": Number only Hj2025, "标样标准值, value of a standard.";
    ResultType b"ResultType": Text only Hj2025, "核查结果, 1 passed, 0 failed.";
}

/// A suffix known in another case, such as `flag`.
pub(crate) fn in_other_case(name: &str) -> bool {
    Suffix::ALL.iter().any(|suffix| suffix.name().eq_ignore_ascii_case(name))
}
