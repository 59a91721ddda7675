//! The check sum of the standard (ANSI CRC16, Appendix A) and what devices send in its place.

use serde::Deserialize;

const TABLE: [u16; 256] = table();

const fn table() -> [u16; 256] {
    let (mut table, mut byte) = ([0; 256], 0);
    while byte < 256 {
        let (mut register, mut bit) = (byte as u16, 0);
        while bit < 8 {
            register = if register & 1 == 1 { (register >> 1) ^ 0xA001 } else { register >> 1 };
            bit += 1;
        }
        table[byte] = register;
        byte += 1;
    }
    table
}

/// What eight, seven … one further bytes make of a register's high byte: `POWERS[7 - k]` is the table applied k + 1 times.
const POWERS: [[u8; 256]; 8] = powers();

const fn powers() -> [[u8; 256]; 8] {
    let (mut powers, mut step) = ([[0; 256]; 8], 8);
    while step > 0 {
        step -= 1;
        let mut byte = 0;
        while byte < 256 {
            let before = if step == 7 { byte as u8 } else { powers[step + 1][byte] };
            powers[step][byte] = (TABLE[before as usize] >> 8) as u8;
            byte += 1;
        }
    }
    powers
}

/// The check sum (校验码) of HJ 212 over the bytes of a data segment.
///
/// It shifts the register *before* the byte comes in, so it is not CRC-16/MODBUS: only the register's high byte is
/// carried on, and a damaged frame passes once in 256 times. Nothing downstream may lean on it more than that.
/// Source: HJ 212-2017 and HJ 212-2025, Appendix A. Some copies print 1C08 for the worked example of 2017; it is 1C80.
pub fn standard(bytes: &[u8]) -> u16 {
    let Some((last, rest)) = bytes.split_last() else { return 0xFFFF };
    // The table is linear over exclusive or, so eight look-ups need not wait for each other; one by one takes five times as long.
    let (groups, tail) = rest.as_chunks::<8>();
    let high = groups.iter().fold(0xFF, |high, group| {
        let first = POWERS[0][usize::from(high ^ group[0])];
        (1..8).fold(first, |sum, place| sum ^ POWERS[place][usize::from(group[place])])
    });
    let high = tail.iter().fold(high, |high, byte| POWERS[7][usize::from(high ^ byte)]);
    TABLE[usize::from(high ^ last)]
}

/// CRC-16/MODBUS, which some devices send.
pub fn modbus(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |register, byte| (register >> 8) ^ TABLE[usize::from(register as u8 ^ byte)])
}

/// Which check sum a device sends (校验方式); registered by device, never guessed from a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CrcProfile {
    /// As the standard says, high byte first.
    #[default]
    Standard,
    /// CRC-16/MODBUS; read in either order of its bytes, written low byte first as the devices seen do.
    Modbus,
    /// Low byte first; read over either check sum, written over the standard's.
    Swapped,
}

impl CrcProfile {
    /// The four digits this profile writes, as a number.
    pub fn of(self, bytes: &[u8]) -> u16 {
        match self {
            CrcProfile::Standard => standard(bytes),
            CrcProfile::Modbus => modbus(bytes).swap_bytes(),
            CrcProfile::Swapped => standard(bytes).swap_bytes(),
        }
    }

    /// Whether four digits are right under this profile.
    pub fn accepts(self, bytes: &[u8], wire: u16) -> bool {
        self.of(bytes) == wire
            || match self {
                CrcProfile::Standard => false,
                CrcProfile::Modbus => modbus(bytes) == wire,
                CrcProfile::Swapped => modbus(bytes).swap_bytes() == wire,
            }
    }

    /// The profile under which four digits would be right, for the text of a refusal.
    pub(crate) fn fitting(bytes: &[u8], wire: u16) -> Option<CrcProfile> {
        [CrcProfile::Standard, CrcProfile::Modbus, CrcProfile::Swapped]
            .into_iter()
            .find(|profile| profile.accepts(bytes, wire))
    }

    /// The word in a file of devices.
    pub const fn word(self) -> &'static str {
        match self {
            CrcProfile::Standard => "standard",
            CrcProfile::Modbus => "modbus",
            CrcProfile::Swapped => "swapped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const APPENDIX_A_2017: &[u8] =
        b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&";
    const APPENDIX_A_2025: &[u8] =
        b"QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&";

    /// The steps as the appendix words them, without a table.
    fn by_the_text(bytes: &[u8]) -> u16 {
        let mut register = 0xFFFF_u16;
        for byte in bytes {
            register = (register >> 8) ^ u16::from(*byte);
            for _ in 0..8 {
                let carry = register & 1;
                register >>= 1;
                if carry == 1 {
                    register ^= 0xA001;
                }
            }
        }
        register
    }

    #[test]
    fn the_worked_examples_of_both_editions() {
        assert_eq!((APPENDIX_A_2017.len(), standard(APPENDIX_A_2017)), (101, 0x1C80));
        assert_eq!((APPENDIX_A_2025.len(), standard(APPENDIX_A_2025)), (87, 0x2200));
        for (bytes, expected) in [(&b""[..], 0xFFFF), (b"\0", 0x4040), (b"A", 0x7080), (b"123456789", 0x2F80)] {
            assert_eq!(standard(bytes), expected, "{bytes:?}");
        }
        for (bytes, expected) in [(&b""[..], 0xFFFF), (b"123456789", 0x4B37), (APPENDIX_A_2017, 0x0759)] {
            assert_eq!(modbus(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_profile_reads_what_it_writes_and_no_other_does() {
        for profile in [CrcProfile::Standard, CrcProfile::Modbus, CrcProfile::Swapped] {
            assert!(profile.accepts(APPENDIX_A_2017, profile.of(APPENDIX_A_2017)));
            assert_eq!(CrcProfile::fitting(APPENDIX_A_2017, profile.of(APPENDIX_A_2017)), Some(profile));
        }
        assert!(!CrcProfile::Standard.accepts(APPENDIX_A_2017, 0x801C), "swapped needs its registration");
        assert!(!CrcProfile::Modbus.accepts(APPENDIX_A_2017, 0x1C80), "a device has one profile");
        assert!(
            CrcProfile::Modbus.accepts(APPENDIX_A_2017, 0x0759) && CrcProfile::Modbus.accepts(APPENDIX_A_2017, 0x5907)
        );
    }

    proptest! {
        #[test]
        fn the_table_gives_what_the_steps_give(bytes: Vec<u8>) {
            prop_assert_eq!(standard(&bytes), by_the_text(&bytes));
        }

        #[test]
        fn any_single_changed_byte_shows(mut bytes in proptest::collection::vec(any::<u8>(), 1..200), at: usize, by in 1u8..) {
            let before = standard(&bytes);
            let at = at % bytes.len();
            bytes[at] ^= by;
            prop_assert_ne!(standard(&bytes), before);
        }
    }
}
