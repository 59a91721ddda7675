use crate::crc::CrcProfile;

/// Why a frame was refused (拒收原因). Nothing of it is used or answered; the bytes stay with whoever holds them.
///
/// The text begins with a code that is never reused and a name that scripts may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Bytes without the beginning of a frame.
    #[error("H-201 no_frame: {bytes} bytes without the beginning of a frame (##)")]
    NoFrame {
        /// How many.
        bytes: usize,
    },
    /// No length after `##`.
    #[error("H-202 length_digits: no three or four digits of length after ##")]
    LengthDigits,
    /// A length no device sends; a damaged digit would hold back all that follows.
    #[error("H-203 length_limit: {declared} bytes declared, {limit} are the most")]
    LengthLimit {
        /// The length declared.
        declared: usize,
        /// The most that is read.
        limit: usize,
    },
    /// No check sum where the declared length ends: the length is wrong or bytes are missing.
    #[error("H-204 crc_form: no four hexadecimal digits where the declared length of {declared} ends")]
    CrcForm {
        /// The length declared.
        declared: usize,
    },
    /// The check sum is wrong.
    #[error("H-205 crc_mismatch: CRC {wire:04X} sent, {calculated:04X} calculated{}", hint(*.fits))]
    CrcMismatch {
        /// As sent.
        wire: u16,
        /// By the profile of the device.
        calculated: u16,
        /// Another profile under which it would be right.
        fits: Option<CrcProfile>,
    },
    /// Encrypted content, and no key is registered.
    #[error("H-206 no_key: the content is not text and no SM4 key is registered for this MN; CRC {wire:04X} sent")]
    NoKey {
        /// As sent.
        wire: u16,
    },
    /// Bytes in the header that no header has.
    #[error("H-207 header_bytes: control or non-ASCII bytes in the header")]
    HeaderBytes,
    /// A field without which the frame has no owner or no meaning.
    #[error("H-208 field_missing: {field} is missing")]
    FieldMissing {
        /// The field.
        field: &'static str,
    },
    /// The same field twice: which one counts is not said.
    #[error("H-209 field_repeated: {field} stands twice in the header")]
    FieldRepeated {
        /// The field.
        field: &'static str,
    },
    /// A field that is not in its form.
    #[error("H-210 field_form: {field} is not {form}")]
    FieldForm {
        /// The field.
        field: &'static str,
        /// What it must be.
        form: &'static str,
    },
    /// The content does not begin with `CP=&&`.
    #[error("H-211 content_unopened: no CP=&&")]
    ContentUnopened,
    /// The content does not end with `&&`.
    #[error("H-212 content_unclosed: the segment does not end with &&")]
    ContentUnclosed,
    /// `&&` inside the content: where it ends is not said.
    #[error("H-213 content_closed_early: && stands inside the content")]
    ContentClosedEarly,
    /// Packet numbers that cannot be.
    #[error("H-214 packet_number: packet {number} of {count}")]
    PacketNumber {
        /// PNO.
        number: u16,
        /// PNUM.
        count: u16,
    },
    /// A data time the calendar does not have: the values belong to no moment.
    #[error("H-215 data_time: DataTime is no time of the calendar")]
    DataTime,
    /// Two data times in one frame.
    #[error("H-216 data_time_repeated: two different DataTime in one frame")]
    DataTimeRepeated,
    /// Values without a data time.
    #[error("H-217 data_time_missing: values without DataTime")]
    DataTimeMissing,
}

impl Refusal {
    /// The code, for example `H-205`.
    pub fn code(&self) -> String {
        self.to_string()[..5].to_string()
    }
}

fn hint(fits: Option<CrcProfile>) -> String {
    fits.map_or(String::new(), |profile| {
        format!("; it would be right with \"crc\": \"{}\" in the device's registration", profile.word())
    })
}

/// Why a table, a registration, a message or a part was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hj212Error {
    /// A table file that contradicts itself.
    #[error("H-101 {file}: {reason}")]
    Table {
        /// File name.
        file: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A file of devices that cannot be read.
    #[error("H-102 devices: {reason}; no registration was used")]
    Devices {
        /// What is wrong, and where.
        reason: String,
    },
    /// A key that is not 16 bytes.
    #[error("H-103 an SM4 key has 32 hexadecimal digits")]
    Key,
    /// A message that cannot be sent.
    #[error("H-301 {field} cannot be sent: {reason}; nothing was sent")]
    Unsendable {
        /// The field.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A command the edition of the device does not have.
    #[error("H-302 CN {cn} is not a command of {edition}; nothing was sent")]
    NotInEdition {
        /// The command.
        cn: u16,
        /// The edition.
        edition: &'static str,
    },
    /// A part that contradicts one already held.
    #[error("H-401 part {number} of {count} differs from the one already held; the first was kept")]
    PartDiffers {
        /// PNO.
        number: u16,
        /// PNUM.
        count: u16,
    },
    /// More sets of parts than are held.
    #[error("H-402 {held} unfinished sets of parts are held for {owner}, no more are begun; the part was not kept")]
    TooManySets {
        /// How many.
        held: usize,
        /// For one device or in all.
        owner: &'static str,
    },
    /// More bytes than are held.
    #[error("H-403 the parts of this set exceed {limit} bytes; the part was not kept")]
    TooManyBytes {
        /// The limit.
        limit: usize,
    },
}
