use crate::call::MOST_PRIMARY;
use crate::{Confidence, DayCall, Entered, Material, ModelDay, PastBids, Prefilled};
use forecast::weighted_median;
use units::{Aqi, Pollutant, RegionCode};

/// A bid with what it weighs.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighted {
    /// The bid.
    pub bid: Entered,
    /// Its weight, from the participant's past scores; equal where there are none.
    pub weight: f64,
    /// Those scores.
    pub past: Option<PastBids>,
}

/// What the bids give for each city and day (结论预填): the weighted median of both ends, and the pollutants that at
/// least half of the weight names. Days without a bid come from the run.
pub fn prefill(material: &Material, bids: &[Weighted]) -> Vec<Prefilled> {
    let leads = |city: RegionCode| (1..=crate::LAST_LEAD).map(move |lead| (city, lead));
    let city_days = material.cities.iter().flat_map(|city| leads(city.city));
    city_days
        .filter_map(|(city, lead)| {
            let said: Vec<(&DayCall, f64)> = bids.iter().filter_map(|one| one.on(city, lead)).collect();
            from_bids(city, lead, &said).or_else(|| from_run(material, city, lead))
        })
        .collect()
}

impl Weighted {
    fn on(&self, city: RegionCode, lead: u8) -> Option<(&DayCall, f64)> {
        let counts = self.weight.is_finite() && self.weight > 0.0;
        let call = self.bid.days.iter().find(|call| call.city == city && call.lead == lead);
        call.filter(|_| counts).map(|call| (call, self.weight))
    }
}

fn from_bids(city: RegionCode, lead: u8, said: &[(&DayCall, f64)]) -> Option<Prefilled> {
    let middle = |of: fn(&DayCall) -> u16| {
        let (values, weights): (Vec<f64>, Vec<f64>) =
            said.iter().map(|(call, weight)| (f64::from(of(call)), *weight)).unzip();
        // Indices are whole: the middle between two neighbours is rounded up, as an index is.
        weighted_median(&values, &weights).and_then(|value| Aqi::new(value.ceil() as u16).ok())
    };
    let (lo, hi) = (middle(|call| call.lo.get())?, middle(|call| call.hi.get())?);
    let confidence = middle(|call| call.confidence as u16)?;
    Some(Prefilled {
        city,
        lead,
        lo,
        hi,
        primary: primary(hi, said),
        confidence: match confidence.get() {
            0 => Confidence::Low,
            1 => Confidence::Medium,
            _ => Confidence::High,
        },
        bids: u32::try_from(said.len()).unwrap_or(u32::MAX),
    })
}

/// Named by half of the weight; else the one named most, so that a polluted day is never without one.
fn primary(hi: Aqi, said: &[(&DayCall, f64)]) -> Vec<Pollutant> {
    if hi.get() <= 50 {
        return Vec::new();
    }
    let named = |pollutant: Pollutant| -> f64 {
        let by = said.iter().filter(|(call, _)| call.primary.contains(&pollutant));
        by.map(|(_, weight)| weight).sum()
    };
    let half = said.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let many: Vec<Pollutant> = Pollutant::ALL.into_iter().filter(|one| named(*one) >= half * (1.0 - 1e-9)).collect();
    if !many.is_empty() {
        // More than three only come together where bids name quite different ones: the heaviest stay.
        let mut heaviest = many;
        heaviest.sort_by(|a, b| named(*b).total_cmp(&named(*a)));
        heaviest.truncate(MOST_PRIMARY);
        heaviest.sort();
        return heaviest;
    }
    let most = Pollutant::ALL.into_iter().rev().max_by(|a, b| named(*a).total_cmp(&named(*b)));
    most.filter(|one| named(*one) > 0.0).into_iter().collect()
}

fn from_run(material: &Material, city: RegionCode, lead: u8) -> Option<Prefilled> {
    let day: &ModelDay = material.city(city)?.days.iter().find(|day| day.lead == lead)?;
    let (lo, hi, primary) = (day.lo, day.hi, day.primary.clone());
    Some(Prefilled { city, lead, lo, hi, primary, confidence: Confidence::Medium, bids: 0 })
}
