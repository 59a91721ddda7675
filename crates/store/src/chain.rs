use crate::StoreError;
use crate::code::moment_number;
use crate::database::{Reader, Store, commit, on};
use crate::event_read::walk;
use crate::event_write::Head;
use event::{Anchor, Checker, Digest, PublicKey, Signer, StoredRecord, Verdict};
use serde::Serialize;
use units::{BeijingDay, Instant};

/// Records read at a time when the whole log is walked.
const PAGE: i64 = 2_000;
const BEIJING_OFFSET_MICROS: i64 = 8 * 3_600_000_000;
const DAY_MICROS: i64 = 24 * 3_600_000_000;

/// The end of the log (链尾), as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainState {
    /// The last record.
    pub last_seq: i64,
    /// Its hash with the name of the function.
    pub last_hash: String,
    /// The function for the next records.
    pub digest: Digest,
}

impl Store {
    /// The end of the chain.
    pub async fn chain_state(&self) -> Result<ChainState, StoreError> {
        let head = head(&mut self.reader().await?).await?;
        Ok(ChainState { last_seq: head.last_seq, last_hash: head.written_hash(), digest: head.digest })
    }

    /// Chooses the hash function for the records to come; those before keep theirs.
    pub async fn use_digest(&self, digest: Digest) -> Result<(), StoreError> {
        let mut writer = self.writer().await?;
        let sql = "UPDATE event_head SET digest = $1 WHERE id = 1";
        on!(&mut writer, c => sqlx::query(sql).bind(digest.code()).execute(c).await.map(drop))?;
        commit(writer).await
    }

    /// Checks the whole log: each record, its place, its columns, the chain, and the signed roots.
    ///
    /// Without anchors a tail that was cut off together with the head, or a chain computed anew, cannot be seen.
    pub async fn verify(&self, anchors: &[Anchor], trusted: &[PublicKey]) -> Result<Verdict, StoreError> {
        self.verify_with(anchors, trusted, |_| ()).await
    }

    /// The same, telling `seen` of every record that is in order.
    pub async fn verify_with(
        &self,
        anchors: &[Anchor],
        trusted: &[PublicKey],
        mut seen: impl FnMut(&StoredRecord) + Send,
    ) -> Result<Verdict, StoreError> {
        let mut reader = self.reader().await?;
        // Read before the walk: records that come while it runs are walked too, and are not missed.
        let known = head(&mut reader).await?.last_seq;
        let mut checker = Checker::new(anchors, trusted);
        let mut after = 0;
        loop {
            let page: Vec<StoredRecord> = walk!(&mut reader, after, PAGE)?.collect();
            let Some(last) = page.last().map(|last| last.seq) else { break };
            for record in &page {
                if !checker.push(record) {
                    return Ok(checker.finish(Some(known)));
                }
                seen(record);
            }
            after = last;
        }
        Ok(checker.finish(Some(known)))
    }

    /// Signs the roots of all days that ended before `at` and have none yet; with `up_to_now` also the rest.
    ///
    /// `anchors` are those signed before. The log is verified against them first: what does not hold is not signed,
    /// `T-301`. Returns the new anchors, which the caller keeps outside the database.
    pub async fn anchor(
        &self,
        anchors: &[Anchor],
        trusted: &[PublicKey],
        signer: &Signer,
        at: Instant,
        up_to_now: bool,
    ) -> Result<Vec<Anchor>, StoreError> {
        let today = day_of(moment_number(at));
        let covered = anchors.last().map_or(0, |last| last.last_seq);
        let mut ends: Vec<(BeijingDay, StoredRecord)> = Vec::new();
        let verdict = self
            .verify_with(anchors, trusted, |record| {
                let day = day_of(record.columns.at_micros);
                if record.seq > covered && (up_to_now || day < today) {
                    keep_end(&mut ends, day, record);
                }
            })
            .await?;
        if let Some(fault) = verdict.fault {
            return Err(StoreError::ChainBroken { fault });
        }
        let mut new: Vec<Anchor> = Vec::new();
        for (day, end) in ends {
            let root = Digest::read(&end.hash)?;
            let anchor = Anchor::sign(signer, day, end.seq, root, new.last().or(anchors.last()), at)?;
            new.push(anchor);
        }
        Ok(new)
    }
}

/// The last record of each day. A clock that was set back does not open a day again: its records count to the later one.
fn keep_end(ends: &mut Vec<(BeijingDay, StoredRecord)>, day: BeijingDay, record: &StoredRecord) {
    match ends.last_mut() {
        Some((last, end)) if *last >= day => *end = record.clone(),
        _ => ends.push((day, record.clone())),
    }
}

async fn head(reader: &mut Reader) -> Result<Head, StoreError> {
    let sql = "SELECT last_seq, hash, digest FROM event_head WHERE id = 1";
    Head::read(on!(reader, c => sqlx::query_as(sql).fetch_one(c).await)?)
}

fn day_of(micros: i64) -> BeijingDay {
    let day = (micros + BEIJING_OFFSET_MICROS).div_euclid(DAY_MICROS);
    BeijingDay::from_index(day.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
}
