//! What each bid weighs in the prefilled conclusion (意见权重).

use super::people::everything;
use crate::forecast::{author, past_bids};
use crate::{AppState, ServerError};
use ::consult::{Entered, PastBids, Room, Weighted};
use ::forecast::verification::WeightRule;
use ::forecast::{skill_weights, verification::PastScore};

/// Target days that past bids are scored over.
const DAYS: i32 = 90;

/// The bids of a room with their weights: by how well the participants' bids did on the ninety days before the run,
/// drawn towards equal where little is known (`forecast::skill_weights`).
///
/// Every bid of the house counts, whoever looks, and no day after the run: the weights are the same for everybody and
/// as long as the room lasts.
pub(super) async fn weighted(state: &AppState, room: &Room, bids: Vec<Entered>) -> Result<Vec<Weighted>, ServerError> {
    let to = room.issue().day() - 1;
    let from = to + 1 - DAYS;
    let known = past_bids(state, &room.owner, (from, to), &everything()).await?;
    let none = PastBids { from, to, cases: 0, loss: None };
    let past = bids.iter().map(|bid| known.get(&author(bid)).cloned().unwrap_or_else(|| none.clone())).collect();
    Ok(weigh(bids, past))
}

fn weigh(bids: Vec<Entered>, past: Vec<PastBids>) -> Vec<Weighted> {
    let score = |past: &PastBids| match past.loss {
        Some(loss) => PastScore { cases: past.cases as usize, loss },
        None => PastScore { cases: 0, loss: 0.0 },
    };
    let weights = skill_weights(&past.iter().map(score).collect::<Vec<_>>(), WeightRule::default());
    // Four decimals: what is shown and kept is what was used.
    let rounded = |weight: f64| (weight * 1e4).round() / 1e4;
    let three = bids.into_iter().zip(weights).zip(past);
    three.map(|((bid, weight), past)| Weighted { bid, weight: rounded(weight), past: Some(past) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::consult::Participant;

    fn bid(who: &str) -> Entered {
        Entered {
            room: "r".parse().unwrap(),
            participant: Participant::Account(who.parse().unwrap()),
            label: String::new(),
            number: 1,
            days: Vec::new(),
            at: "2018-01-13T21:00:00+08:00".parse().unwrap(),
        }
    }

    fn weights(past: &[(u32, Option<f64>)]) -> Vec<f64> {
        let day = "2018-01-12".parse().unwrap();
        let past = past.iter().map(|(cases, loss)| PastBids { from: day, to: day, cases: *cases, loss: *loss });
        weigh(vec![bid("a"); past.len()], past.collect()).iter().map(|one| one.weight).collect()
    }

    #[test]
    fn the_better_weighs_more_the_newcomer_as_the_average_and_nobody_nothing() {
        let found = weights(&[(600, Some(0.5)), (600, Some(1.0)), (0, None)]);
        assert!(found[0] > found[2] && found[2] > found[1] && found[1] > 0.0, "{found:?}");
        assert_eq!(weights(&[(0, None), (0, None), (0, None), (0, None)]), [0.25; 4]);
        assert!(weights(&[]).is_empty());
    }

    #[test]
    fn a_lucky_day_hardly_counts() {
        let [lucky, usual] = weights(&[(3, Some(0.1)), (600, Some(1.0))])[..] else { unreachable!("two weights") };
        assert!(lucky - usual < 0.1 && lucky > usual, "{lucky} {usual}");
    }
}
