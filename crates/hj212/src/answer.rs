//! What is sent in answer to a frame.

use crate::edition::Edition;
use crate::frame::Frame;
use crate::message::Message;
use crate::tables::{Answer, Sender};

const DATA_ANSWER: u16 = 9014;
const NOTICE_ANSWER: u16 = 9013;
const REQUEST_ANSWER: u16 = 9011;
const EXECUTION_RESULT: u16 = 9012;
const SYSTEM: &str = "91";

/// What the centre answers (应答): 9014 to data, 9013 to a notice, nothing to anything else.
///
/// To be sent only once the frame is stored for good: the device deletes what was answered. Nothing is answered that did not
/// ask for it, is itself an answer, has no QN to repeat or no device to go to, or whose command is unknown.
pub fn answer(frame: &Frame) -> Option<Message> {
    let command = frame.command()?;
    let from_device = matches!(command.sender, Sender::Device | Sender::Both);
    if !frame.header.flag.wants_answer() || !from_device || !command.in_edition(frame.edition) {
        return None;
    }
    let notice = frame.header.cn == 1001 && frame.edition == Edition::Hjt2005;
    match command.answer {
        Answer::Data if !frame.is_request() => reply(frame, DATA_ANSWER, ""),
        Answer::Notice if !notice => reply(frame, NOTICE_ANSWER, ""),
        Answer::Data | Answer::Notice | Answer::Request | Answer::None => None,
    }
}

/// What a device answers to a request (请求应答, 9011); codes: `Marks::request_returns`. `None` without a QN.
pub fn request_return(frame: &Frame, code: u16) -> Option<Message> {
    reply(frame, REQUEST_ANSWER, &format!("QnRtn={code}"))
}

/// What a device tells of a request it carried out (执行结果, 9012); codes: `Marks::execution_results`. `None` without a QN.
pub fn execution_result(frame: &Frame, code: u16) -> Option<Message> {
    reply(frame, EXECUTION_RESULT, &format!("ExeRtn={code}"))
}

/// An answer repeats QN, PW and MN and keeps the edition's bits of Flag. In 2005 QN stands inside the content, with the
/// command that is answered and the packet's number.
fn reply(frame: &Frame, cn: u16, content: &str) -> Option<Message> {
    let header = &frame.header;
    if header.mn.is_empty() && !header.may_lack_mn(frame.edition) {
        return None;
    }
    let (qn, mut content) = (header.qn?, content.to_string());
    let old = frame.edition == Edition::Hjt2005;
    if old {
        let named = format!("QN={qn};CN={}", header.cn);
        let numbered = header.part.map_or(String::new(), |part| format!(";PNO={}", part.number));
        let more = if content.is_empty() { String::new() } else { format!(";{content}") };
        content = named + &numbered + &more;
    }
    Some(Message {
        qn: (!old).then(|| qn.to_string()),
        st: SYSTEM.into(),
        cn,
        pw: header.pw.map(Into::into),
        mn: header.mn.into(),
        flag: header.flag.of_answer(),
        part: None,
        supplementary: false,
        content,
    })
}
