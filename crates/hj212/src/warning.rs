macro_rules! warnings {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One misprint or field habit that was tolerated (容错告警).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Warning { $($(#[$doc])* $variant,)* }

        impl Warning {
            /// Every warning, in the order they are told.
            pub const ALL: &[Warning] = &[$(Warning::$variant,)*];

            /// The stable name, for example `crc_lower_case`.
            pub const fn name(self) -> &'static str {
                match self { $(Warning::$variant => $name,)* }
            }
        }
    };
}

warnings! {
    /// Bytes that belong to no frame stood before this one.
    NoiseBefore = "noise_before",
    /// Three digits of length.
    LengthThreeDigits = "length_three_digits",
    /// The length counts characters; the standard counts bytes.
    LengthInCharacters = "length_in_characters",
    /// A segment of more than 1024 bytes.
    SegmentOver1024 = "segment_over_1024",
    /// Content longer than the edition allows (950 bytes, 2005: 960).
    ContentTooLong = "content_too_long",
    /// CRC in lower case.
    CrcLowerCase = "crc_lower_case",
    /// The device is registered with CRC-16/MODBUS, and it fits.
    CrcModbus = "crc_modbus",
    /// The device is registered with swapped bytes, and they fit.
    CrcSwapped = "crc_swapped",
    /// Stars between CRC and line end.
    StarsAfterCrc = "stars_after_crc",
    /// No CR LF after the CRC.
    MissingCrlf = "missing_crlf",
    /// A key is registered, but the content came as plain text.
    NotEncrypted = "not_encrypted",
    /// A comma where a semicolon belongs in the header.
    CommaInHeader = "comma_in_header",
    /// A field of the header runs into the next one without a semicolon.
    MissingSemicolon = "missing_semicolon",
    /// A separator in the header with nothing before it.
    EmptyHeaderField = "empty_header_field",
    /// Fields of the header in another order.
    HeaderOrder = "header_order",
    /// A header field in another case, such as FLAG.
    HeaderCase = "header_case",
    /// A header field the standard does not have.
    HeaderFieldUnknown = "header_field_unknown",
    /// Spaces in the header or around the items of the content.
    Spaces = "spaces",
    /// No QN where the edition has one; the frame cannot be answered.
    QnMissing = "qn_missing",
    /// QN is not 17 digits of a time.
    QnForm = "qn_form",
    /// ST is not two characters.
    StForm = "st_form",
    /// ST is in no table and no free range.
    StUnknown = "st_unknown",
    /// CN is in no table.
    CnUnknown = "cn_unknown",
    /// CN is not in the edition the frame names.
    CnNotInEdition = "cn_not_in_edition",
    /// No PW.
    PwMissing = "pw_missing",
    /// PW is not six characters.
    PwForm = "pw_form",
    /// MN is empty: the frame is decoded and never answered.
    MnEmpty = "mn_empty",
    /// MN has another length than the edition gives it.
    MnLength = "mn_length",
    /// MN has characters other than digits and letters.
    MnCharacters = "mn_characters",
    /// No Flag although the frame is not of 2005.
    FlagMissing = "flag_missing",
    /// Flag names an edition that is not known.
    FlagEditionUnknown = "flag_edition_unknown",
    /// Flag names 2025 on what looks like a surface-water station of the earlier dialect; register the device.
    DialectDoubtful = "dialect_doubtful",
    /// Flag announces packet numbers that are not there.
    PacketNumbersMissing = "packet_numbers_missing",
    /// Packet numbers that Flag does not announce.
    PacketNumbersUnannounced = "packet_numbers_unannounced",
    /// RF in an edition without it, or another value than 1.
    RfForm = "rf_form",
    /// Text in GBK, not UTF-8.
    TextGbk = "text_gbk",
    /// Text in no known character set; what could not be read was replaced.
    TextDamaged = "text_damaged",
    /// Control characters in the content.
    ControlInContent = "control_in_content",
    /// A semicolon or comma at the end, or two in a row.
    EmptyItem = "empty_item",
    /// A comma between BeginTime and EndTime, where a semicolon belongs.
    CommaBetweenTimes = "comma_between_times",
    /// An item without `=`.
    ItemWithoutValue = "item_without_value",
    /// Log text that is not closed by `//`.
    LogTextOpen = "log_text_open",
    /// Log text of 890 bytes or more.
    LogTextLong = "log_text_long",
    /// The same key twice in the whole content, and no PolId says whose it is.
    RepeatedKey = "repeated_key",
    /// A field name in another case, such as Ctime for CTime.
    FieldCase = "field_case",
    /// DataTime with milliseconds.
    DataTimeMilliseconds = "data_time_milliseconds",
    /// Another time than DataTime is no time of the calendar.
    TimeForm = "time_form",
    /// Five digits of a factor code without their letter.
    FactorWithoutLetter = "factor_without_letter",
    /// A code the standard prints with two meanings (e701, g119).
    FactorAmbiguous = "factor_ambiguous",
    /// SBx without a number.
    EquipmentUnnumbered = "equipment_unnumbered",
    /// A suffix in another case, such as -flag.
    SuffixCase = "suffix_case",
    /// A suffix the standard does not have.
    SuffixUnknown = "suffix_unknown",
    /// A suffix that another edition has.
    SuffixNotInEdition = "suffix_not_in_edition",
    /// No value after `=`: missing, not zero.
    ValueEmpty = "value_empty",
    /// A measured value that is no number.
    ValueNotNumber = "value_not_number",
    /// A data mark the edition does not have.
    DataFlagUnknown = "data_flag_unknown",
}

/// The warnings of one frame: a set, told in the order of [`Warning::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Warnings(u64);

// One bit each.
const _: () = assert!(Warning::ALL.len() <= 64);

impl Warnings {
    /// Adds one.
    pub fn add(&mut self, warning: Warning) {
        self.0 |= 1 << warning as u8;
    }

    /// Adds one if it holds.
    pub fn add_if(&mut self, holds: bool, warning: Warning) {
        self.0 |= u64::from(holds) << warning as u8;
    }

    /// Adds all of another set.
    pub fn join(&mut self, other: Warnings) {
        self.0 |= other.0;
    }

    /// Whether it is among them.
    pub fn has(self, warning: Warning) -> bool {
        self.0 >> warning as u8 & 1 == 1
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Warning> {
        Warning::ALL.iter().copied().filter(move |warning| self.has(*warning))
    }

    /// Without one.
    #[must_use]
    pub fn without(self, warning: Warning) -> Warnings {
        Warnings(self.0 & !(1 << warning as u8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_distinct_and_the_set_keeps_their_order() {
        let names: BTreeSet<_> = Warning::ALL.iter().map(|warning| warning.name()).collect();
        assert_eq!(names.len(), Warning::ALL.len());
        let mut some = Warnings::default();
        for warning in Warning::ALL.iter().rev() {
            some.add(*warning);
        }
        assert!(some.iter().eq(Warning::ALL.iter().copied()));
        assert!(!some.without(Warning::NoiseBefore).has(Warning::NoiseBefore));
    }
}
