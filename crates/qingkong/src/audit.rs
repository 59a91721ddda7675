use crate::failure::Failure;
use crate::output::Output;
use crate::place::Place;
use clap::ValueEnum;
use event::{Algorithm, Detached, PublicKey, Verdict};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use store::{AnchorFolder, EventFilter, random_secret};
use units::Instant;

/// Records written at a time.
const PAGE: u32 = 2_000;

/// `qingkong audit`.
#[derive(clap::Subcommand)]
pub enum Audit {
    /// 校验事件链与每日根；指出第一处异常 · check the event log against itself and the signed roots
    Verify(VerifyArgs),
    /// 签署已结束各日的根 · sign the roots of the days that are over
    Anchor(AnchorArgs),
    /// 核对对外文件的签名 · check a file that left the house, for example a CAP message, against its signature
    File(FileArgs),
    /// 导出事件记录 · write the records as they are stored, one JSON object a line
    Export(ExportArgs),
}

/// Where anchors and keys lie.
#[derive(clap::Args)]
struct Anchors {
    /// The file of signed roots; the data folder's own unless given.
    #[arg(long)]
    anchors: Option<PathBuf>,
    /// The file of trusted public keys; the data folder's own unless given. Better: a copy kept elsewhere.
    #[arg(long)]
    keys: Option<PathBuf>,
}

/// `qingkong audit verify`.
#[derive(clap::Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    anchors: Anchors,
    /// Report as JSON.
    #[arg(long)]
    json: bool,
}

/// `qingkong audit anchor`.
#[derive(clap::Args)]
pub struct AnchorArgs {
    #[command(flatten)]
    place: Place,
    /// Keep the signed roots in this file instead of the data folder's own.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// The algorithm of the signature.
    #[arg(long, value_enum, default_value_t = Signature::Ed25519)]
    algorithm: Signature,
    /// Sign what has been stored up to now as well.
    #[arg(long)]
    now: bool,
}

/// `qingkong audit file`.
#[derive(clap::Args)]
pub struct FileArgs {
    /// The file, unchanged.
    file: PathBuf,
    /// Its signature, as the server gave it.
    #[arg(long)]
    signature: PathBuf,
    /// The file of trusted public keys: `anchors/keys.pub` of the data folder, better a copy kept elsewhere.
    #[arg(long)]
    keys: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Signature {
    Ed25519,
    Sm2,
}

/// `qingkong audit export`.
#[derive(clap::Args)]
pub struct ExportArgs {
    #[command(flatten)]
    place: Place,
    /// Only records after this one.
    #[arg(long, default_value_t = 0)]
    after: i64,
    /// Write here instead of standard output.
    #[arg(short, long)]
    output: Option<PathBuf>,
}

/// Runs one of them.
pub async fn run(audit: Audit) -> Result<(), Failure> {
    match audit {
        Audit::Verify(args) => verify(args).await,
        Audit::Anchor(args) => anchor(args).await,
        Audit::File(args) => file(&args),
        Audit::Export(args) => export(args).await,
    }
}

/// Names the first fault and ends with exit code 1 when there is one.
async fn verify(args: VerifyArgs) -> Result<(), Failure> {
    for named in [&args.anchors.anchors, &args.anchors.keys].into_iter().flatten() {
        if !named.is_file() {
            return Err(Failure::refused(format_args!("{}: no such file; nothing was checked", named.display())));
        }
    }
    let folder = folder(&args.place, args.anchors.anchors, args.anchors.keys);
    let store = args.place.open().await?;
    let verdict = store.verify_folder(&folder).await?;
    store.close().await;
    if args.json {
        println!("{}", serde_json::to_string(&verdict)?);
    } else {
        print_verdict(&verdict);
    }
    verdict.fault.map_or(Ok(()), |fault| Err(Failure::refused(fault)))
}

fn print_verdict(verdict: &Verdict) {
    println!("records in order: {} (to {}), signed roots: {}", verdict.checked, verdict.last_seq, verdict.anchors);
    if verdict.holds() && verdict.anchors == 0 && verdict.checked > 0 {
        println!(
            "no signed root yet: a log cut off or computed anew as a whole would not show (qingkong audit anchor)"
        );
    }
    if verdict.holds() {
        println!("the log holds");
    }
}

async fn anchor(args: AnchorArgs) -> Result<(), Failure> {
    let folder = folder(&args.place, args.output, None);
    let store = args.place.open().await?;
    let signer = folder.signer(args.algorithm.into(), random_secret)?;
    let at = Instant::from_utc(chrono::Utc::now());
    let new = store.export_anchors(&folder, &signer, at, args.now).await?;
    store.close().await;
    for anchor in &new {
        println!("{}  records to {}  {}", anchor.day, anchor.last_seq, anchor.hash);
    }
    println!("{} new signed roots in {}", new.len(), folder.anchors.display());
    Ok(())
}

fn file(args: &FileArgs) -> Result<(), Failure> {
    let read = |path: &PathBuf| {
        std::fs::read(path)
            .map_err(|cause| Failure::refused(format_args!("{}: {cause}; nothing was checked", path.display())))
    };
    let (bytes, signature, keys) = (read(&args.file)?, read(&args.signature)?, read(&args.keys)?);
    let signature = Detached::read(&String::from_utf8_lossy(&signature)).map_err(Failure::refused)?;
    let keys = String::from_utf8_lossy(&keys);
    let keys = keys.lines().filter(|line| !line.trim().is_empty()).map(PublicKey::from_line);
    let keys: Vec<PublicKey> = keys.collect::<Result<_, _>>().map_err(Failure::refused)?;
    signature.check(&bytes, &keys).map_err(Failure::refused)?;
    println!("the signature holds: {} by the {} key {}", signature.digest, signature.algorithm, signature.key);
    Ok(())
}

async fn export(args: ExportArgs) -> Result<(), Failure> {
    let mut output = Output::create(args.output.as_deref())?;
    let store = args.place.open().await?;
    let mut after = args.after;
    loop {
        let filter = EventFilter { after_seq: Some(after), limit: PAGE, ..EventFilter::default() };
        let page = store.events(&filter).await?;
        let Some(last) = page.last().map(|last| last.seq) else { break };
        for record in page {
            // The text as a text: another program hashes just these bytes.
            writeln!(output, "{}", json!({"seq": record.seq, "hash": record.hash, "record": record.text}))?;
        }
        after = last;
    }
    store.close().await;
    output.finish()
}

fn folder(place: &Place, anchors: Option<PathBuf>, keys: Option<PathBuf>) -> AnchorFolder {
    let mut folder = AnchorFolder::in_data(&place.data_dir);
    if let Some(anchors) = anchors {
        // The public keys lie beside the roots, so that the folder can be handed over as it is.
        folder.public = anchors.with_file_name("keys.pub");
        folder.anchors = anchors;
    }
    folder.public = keys.unwrap_or(folder.public);
    folder
}

impl From<Signature> for Algorithm {
    fn from(signature: Signature) -> Algorithm {
        match signature {
            Signature::Ed25519 => Algorithm::Ed25519,
            Signature::Sm2 => Algorithm::Sm2,
        }
    }
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
