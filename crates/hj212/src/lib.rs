//! HJ 212 (污染物自动监测监控系统数据传输): HJ/T 212-2005, HJ 212-2017, HJ 212-2025 and the surface-water dialect.
//!
//! Bytes in, frames out, and the bytes of what is answered or asked. No sockets, no clock, no files: the gateway brings them.
//!
//! ```
//! use hj212::{Devices, Framer, What};
//!
//! let devices = Devices::default();
//! let mut framer = Framer::default();
//! framer.push(b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n");
//! let Some(What::Frame(frame)) = framer.find(&devices).map(|found| found.what) else { panic!("a frame") };
//! assert_eq!((frame.header.cn, frame.content()), (1062, "RtdInterval=30"));
//! ```

mod answer;
mod cipher;
mod command;
mod content;
mod crc;
mod cut;
mod device;
mod edition;
mod error;
mod frame;
mod framer;
mod header;
mod message;
mod moment;
mod report;
mod split;
mod suffix;
mod tables;
mod warning;

#[cfg(test)]
mod tests;

pub use answer::{answer, execution_result, request_return};
pub use cipher::Key;
pub use command::{Addressee, Command, History};
pub use content::{Factor, Factors, Item, number};
pub use crc::CrcProfile;
pub use cut::{Cut, Refused, SEGMENT_BYTES_MAX};
pub use device::{Charset, Devices, Profile};
pub use edition::{Edition, Flag};
pub use error::{Hj212Error, Refusal};
pub use frame::{Frame, TimeLabel};
pub use framer::{BUFFER_BYTES, CutFound, CutWhat, Found, Framer, What};
pub use header::{Header, Part};
pub use message::Message;
pub use moment::{parse_14, parse_17, write_14};
pub use report::Report;
pub use split::{Abandoned, Reassembly, SET_BYTES, SET_MINUTES, SETS_IN_ALL, SETS_PER_DEVICE};
pub use suffix::{Suffix, ValueKind};
pub use tables::{Answer, CommandEntry, FactorEntry, Marks, Sender, Tables, tables};
pub use warning::{Warning, Warnings};
