//! The Atom feed (RFC 4287) of current and past alerts.

use crate::cap::{Sender, identifier};
use crate::{WarnError, Warning};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;
use units::Instant;

/// Hours that a cancelled alert stays in the feed.
const KEPT_HOURS: i64 = 48;

/// The feed: every document of the warnings in force, and of those that ended less than two days ago, newest first.
///
/// Exercises are never in it. `address` is the feed's own address, `message` gives that of a
/// document by its number from 1.
/// Refuses `W-502` a sender that cannot be written.
pub fn atom(
    warnings: &[Warning],
    sender: &Sender,
    address: &str,
    message: impl Fn(&Warning, usize) -> String,
    now: Instant,
) -> Result<String, WarnError> {
    let mut entries: Vec<Entry> = vec![];
    for warning in warnings.iter().filter(|warning| !warning.exercise && shown(warning, now)) {
        for (place, issued) in warning.issued.iter().enumerate() {
            let level = issued.draft.terms.level;
            let title = format!("{}重污染天气{}预警（{}）", issued.draft.change.name(), level.name(), issued.document);
            let (identifier, href) = (identifier(warning, place + 1, sender)?, message(warning, place + 1));
            entries.push(Entry { identifier, title, href, updated: issued.at });
        }
    }
    entries.sort_by(|a, b| b.updated.cmp(&a.updated).then_with(|| b.identifier.cmp(&a.identifier)));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, &entries, sender, address, now).expect("a vector takes every byte");
    Ok(String::from_utf8(writer.into_inner()).expect("what was written are strings"))
}

struct Entry {
    identifier: String,
    title: String,
    href: String,
    updated: Instant,
}

fn shown(warning: &Warning, now: Instant) -> bool {
    let last = warning.issued.last().map(|issued| issued.at);
    let recent = |at: Instant| now.to_utc().signed_duration_since(at.to_utc()).num_hours() < KEPT_HOURS;
    warning.in_force() || last.is_some_and(recent)
}

fn write(
    writer: &mut Writer<Vec<u8>>,
    entries: &[Entry],
    sender: &Sender,
    address: &str,
    now: Instant,
) -> io::Result<()> {
    let updated = entries.first().map_or(now, |entry| entry.updated).to_string();
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom")).write_inner_content(
        |writer| {
            text(writer, "id", address)?;
            text(writer, "title", "重污染天气预警 · Heavy-pollution warnings")?;
            text(writer, "updated", &updated)?;
            writer.create_element("link").with_attributes([("rel", "self"), ("href", address)]).write_empty()?;
            writer.create_element("author").write_inner_content(|writer| text(writer, "name", &sender.name))?;
            for entry in entries {
                writer.create_element("entry").write_inner_content(|writer| {
                    text(writer, "id", &format!("urn:cap:{}", entry.identifier))?;
                    text(writer, "title", &entry.title)?;
                    text(writer, "updated", &entry.updated.to_string())?;
                    let link = [("rel", "alternate"), ("type", "application/cap+xml"), ("href", entry.href.as_str())];
                    writer.create_element("link").with_attributes(link).write_empty()?;
                    text(writer, "summary", &entry.title)
                })?;
            }
            Ok(())
        },
    )?;
    Ok(())
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, value: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(value))?;
    Ok(())
}
