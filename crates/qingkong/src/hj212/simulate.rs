//! `qingkong hj212 simulate`: a fleet of simulated data loggers, to a file or to a gateway.

use crate::failure::Failure;
use crate::output::Output;
use ::hj212::simulate::{Description, Fleet, Sent};
use ::hj212::{Devices, Framer, What};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::mpsc;
use units::Instant;

/// Frames that wait for one connection; a slow gateway slows the fleet down.
const WAITING_FRAMES: usize = 64;
const DATA_ANSWER: u16 = 9014;

#[derive(clap::Args)]
pub struct Args {
    /// Beginning, for example 2026-01-20T00:00:00+08:00
    #[arg(long, value_name = "TIME")]
    from: Instant,
    /// End
    #[arg(long, value_name = "TIME")]
    to: Instant,
    /// TOML of the fleet; the demonstration's without it
    #[arg(long, value_name = "FILE")]
    fleet: Option<PathBuf>,
    /// How many plants, whatever the fleet says
    #[arg(long, value_name = "N")]
    plants: Option<usize>,
    /// Write here instead of standard output
    #[arg(short, long, value_name = "FILE", conflicts_with = "connect")]
    output: Option<PathBuf>,
    /// Send to a gateway, one connection a plant
    #[arg(long, value_name = "HOST:PORT")]
    connect: Option<String>,
    /// So many times faster than the clock; as fast as it goes without it
    #[arg(long, value_name = "TIMES", requires = "connect")]
    speed: Option<f64>,
    /// Wait so long for the last answers, seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 5, requires = "connect")]
    wait: u64,
    /// CSV of what the plants really do, hour by hour
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args) -> Result<(), Failure> {
    let fleet = fleet(args.fleet.as_deref(), args.plants)?;
    if args.from >= args.to {
        return Err(Failure::refused(format_args!("--from {} does not lie before --to {}", args.from, args.to)));
    }
    if args.speed.is_some_and(|speed| !speed.is_finite() || speed <= 0.0) {
        return Err(Failure::refused("--speed is a number above 0"));
    }
    if let Some(path) = &args.truth {
        let mut output = Output::create(Some(path))?;
        write_truth(&fleet, args.from, args.to, &mut output)?;
        output.finish()?;
    }
    match &args.connect {
        None => {
            let mut output = Output::create(args.output.as_deref())?;
            write_frames(&fleet, args.from, args.to, &mut output)?;
            output.finish()
        }
        Some(address) => {
            let work = send(&fleet, &args, address);
            let tally = tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)?;
            eprintln!(
                "{} frames sent over {} connections, {} answered",
                tally.sent,
                fleet.plants().len(),
                tally.answered
            );
            tally.lost.map_or(Ok(()), |reason| Err(Failure::refused(reason)))
        }
    }
}

fn fleet(path: Option<&Path>, plants: Option<usize>) -> Result<Fleet, Failure> {
    let name = path.map_or("the demonstration's fleet".into(), |path| path.display().to_string());
    let refuse = |cause: &dyn std::fmt::Display| Failure::refused(format_args!("{name}: {cause}"));
    let text = match path {
        None => Description::bundled_text().to_string(),
        Some(path) => std::fs::read_to_string(path).map_err(|cause| refuse(&cause))?,
    };
    let mut description = Description::parse(&text).map_err(|cause| refuse(&cause))?;
    description.plants = plants.unwrap_or(description.plants);
    let checked = description.checked().map_err(|cause| refuse(&cause))?;
    Ok(Fleet::new(checked))
}

fn write_frames(fleet: &Fleet, from: Instant, to: Instant, output: &mut impl Write) -> Result<(), Failure> {
    for sent in fleet.frames(from, to) {
        output.write_all(&sent?.bytes)?;
    }
    Ok(())
}

fn write_truth(fleet: &Fleet, from: Instant, to: Instant, output: &mut impl Write) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(output);
    csv.write_record(["mn", "industry", "behaviour", "ordered_cut", "time", "load", "usual_load", "treatment"])?;
    let (first, last) = (from.last_ended_hour() + 1, to.last_ended_hour());
    for plant in fleet.plants() {
        for hour in (0..=last - first).map(|count| first + count) {
            let truth = fleet.truth(plant, hour);
            csv.write_record([
                plant.mn.as_str(),
                plant.industry,
                plant.behaviour.code(),
                &plant.cut.to_string(),
                &hour.to_string(),
                &format!("{:.4}", truth.load),
                &format!("{:.4}", truth.usual),
                if truth.treatment { "on" } else { "off" },
            ])?;
        }
    }
    csv.flush()?;
    Ok(())
}

/// What became of the frames.
#[derive(Default)]
struct Tally {
    sent: usize,
    answered: usize,
    lost: Option<String>,
}

async fn send(fleet: &Fleet, args: &Args, address: &str) -> Result<Tally, Failure> {
    let (mut lines, mut tasks) = (Vec::new(), Vec::new());
    let wait = Duration::from_secs(if fleet.description().wants_answer { args.wait } else { 0 });
    for _ in fleet.plants() {
        let refuse = |cause| Failure::refused(format_args!("{address}: {cause}; nothing was sent"));
        let stream = TcpStream::connect(address).await.map_err(refuse)?;
        let (line, frames) = mpsc::channel(WAITING_FRAMES);
        lines.push(line);
        tasks.push(tokio::spawn(logger(stream, frames, wait)));
    }
    let begun = tokio::time::Instant::now();
    for sent in fleet.frames(args.from, args.to) {
        let Sent { at, plant, bytes } = sent?;
        if let Some(speed) = args.speed {
            let after = (at.to_utc() - args.from.to_utc()).num_milliseconds() as f64 / 1000.0 / speed;
            tokio::time::sleep_until(begun + Duration::from_secs_f64(after.max(0.0))).await;
        }
        // A line that was lost says so itself when it is asked at the end.
        if lines[plant].send(bytes).await.is_err() && lines.iter().all(mpsc::Sender::is_closed) {
            break;
        }
    }
    drop(lines);
    let mut tally = Tally::default();
    for task in tasks {
        let of_one = task.await?;
        tally.sent += of_one.sent;
        tally.answered += of_one.answered;
        tally.lost = tally.lost.or(of_one.lost);
    }
    Ok(tally)
}

/// One data logger: sends what it is given, counts what is answered.
async fn logger(stream: TcpStream, mut frames: mpsc::Receiver<Vec<u8>>, wait: Duration) -> Tally {
    let (reader, mut writer) = stream.into_split();
    let (count, mut answered) = tokio::sync::watch::channel(0usize);
    let listens = tokio::spawn(listen(reader, count));
    let mut tally = Tally::default();
    while let Some(frame) = frames.recv().await {
        if let Err(cause) = writer.write_all(&frame).await {
            tally.lost = Some(format!("a connection was lost after {} frames: {cause}", tally.sent));
            break;
        }
        tally.sent += 1;
    }
    let sent = tally.sent;
    // Until all are answered, the gateway hangs up, or nothing more is waited for.
    drop(tokio::time::timeout(wait, answered.wait_for(|count| *count >= sent)).await);
    tally.answered = *answered.borrow();
    listens.abort();
    tally
}

async fn listen(mut reader: OwnedReadHalf, count: tokio::sync::watch::Sender<usize>) {
    let (mut framer, devices, mut chunk) = (Framer::default(), Devices::default(), vec![0; 4096]);
    while let Ok(length @ 1..) = reader.read(&mut chunk).await {
        let mut bytes = &chunk[..length];
        while !bytes.is_empty() {
            bytes = &bytes[framer.push(bytes)..];
            let mut answers = 0;
            while let Some(found) = framer.find(&devices) {
                answers += usize::from(matches!(found.what, What::Frame(frame) if frame.header.cn == DATA_ANSWER));
            }
            count.send_modify(|count| *count += answers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    fn small() -> Fleet {
        fleet(None, Some(4)).unwrap()
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn frames_come_out_glued_and_are_all_found_again() {
        let (from, to) = (at("2026-01-19T20:00:00+08:00"), at("2026-01-19T21:00:00+08:00"));
        let mut bytes = vec![];
        write_frames(&small(), from, to, &mut bytes).unwrap();
        let (mut framer, devices, mut found) = (Framer::of_file(), Devices::default(), 0);
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            rest = &rest[framer.push(rest)..];
            while let Some(what) = framer.find(&devices) {
                assert!(matches!(what.what, What::Frame(_)));
                found += 1;
            }
        }
        assert_eq!(found, small().frames(from, to).count());
    }

    #[test]
    fn the_truth_has_a_row_for_each_plant_and_hour() {
        let mut output = vec![];
        write_truth(&small(), at("2026-01-19T20:00:00+08:00"), at("2026-01-19T22:00:00+08:00"), &mut output).unwrap();
        let text = String::from_utf8(output).unwrap();
        assert_eq!(text.lines().count(), 1 + 4 * 2);
        assert!(text.lines().nth(1).unwrap().contains("2026-01-19T21:00:00+08:00"), "{text}");
    }

    #[test]
    fn a_fleet_is_refused_by_the_name_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fleet.toml");
        std::fs::write(&path, "seed = 1").unwrap();
        let told = fleet(Some(&path), None).map(|_| ()).unwrap_err().to_string();
        assert!(told.contains("fleet.toml") && told.contains("H-501"), "{told}");
        assert!(fleet(None, Some(0)).map(|_| ()).unwrap_err().to_string().contains("plants"));
    }

    #[tokio::test]
    async fn a_gateway_gets_every_frame_and_its_answers_are_counted() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut framer, devices, mut chunk) = (Framer::default(), Devices::default(), vec![0; 4096]);
                    while let Ok(length @ 1..) = stream.read(&mut chunk).await {
                        let mut bytes = &chunk[..length];
                        while !bytes.is_empty() {
                            bytes = &bytes[framer.push(bytes)..];
                            let mut answers = vec![];
                            while let Some(found) = framer.find(&devices) {
                                let What::Frame(frame) = found.what else { panic!("a frame") };
                                let answer = ::hj212::answer(&frame).unwrap();
                                answers.extend(answer.encode(Default::default(), None).unwrap());
                            }
                            stream.write_all(&answers).await.unwrap();
                        }
                    }
                });
            }
        });
        let (from, to) = (at("2026-01-19T20:00:00+08:00"), at("2026-01-19T22:00:00+08:00"));
        let args = Args {
            from,
            to,
            fleet: None,
            plants: None,
            output: None,
            connect: Some(address.clone()),
            speed: None,
            wait: 20,
            truth: None,
        };
        let tally = send(&small(), &args, &address).await.unwrap();
        let expected = small().frames(from, to).count();
        assert_eq!((tally.sent, tally.answered, tally.lost), (expected, expected, None));
        assert!(send(&small(), &args, "127.0.0.1:1").await.is_err());
    }
}
