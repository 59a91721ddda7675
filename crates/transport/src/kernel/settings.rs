use crate::TransportError;
use crate::matrix::Doubt;
use crate::source::Precursor;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Pasquill's stability classes (大气稳定度), A very unstable to F stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stability {
    /// Very unstable.
    A,
    /// Unstable.
    B,
    /// Slightly unstable.
    C,
    /// Neutral.
    D,
    /// Slightly stable.
    E,
    /// Stable.
    F,
}

impl std::str::FromStr for Stability {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text.trim().to_ascii_uppercase().as_str() {
            "A" => Ok(Stability::A),
            "B" => Ok(Stability::B),
            "C" => Ok(Stability::C),
            "D" => Ok(Stability::D),
            "E" => Ok(Stability::E),
            "F" => Ok(Stability::F),
            _ => Err("is none of the stability classes A to F"),
        }
    }
}

/// First-order loss and conversion of a precursor, per hour.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Deposited.
    pub loss_per_hour: f64,
    /// Turned into particles.
    pub conversion_per_hour: f64,
    /// kg of particles per kg turned.
    pub yield_kg_kg: f64,
    /// Particles deposited.
    pub product_loss_per_hour: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Spread {
    a: f64,
    b: f64,
    c: f64,
}

#[derive(Debug, Deserialize)]
struct Reference {
    document: String,
    #[expect(dead_code, reason = "read so that it must be there")]
    clause: String,
}

#[derive(Debug, Deserialize)]
struct Table<T> {
    source: Reference,
    #[serde(flatten)]
    rows: BTreeMap<String, T>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wind {
    source: Reference,
    exponent: BTreeMap<String, f64>,
    highest_m: f64,
    calm_ms: f64,
    spread_degrees: f64,
    longest_hours: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Doubts {
    source: Reference,
    primary: Believed,
    secondary: Believed,
    ammonia_and_organic: Believed,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Believed {
    relative_uncertainty: f64,
    trusted_share: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CityDisc {
    radius_km: f64,
}

#[derive(Debug, Deserialize)]
struct File {
    id: String,
    spread: Table<Spread>,
    wind: Wind,
    chemistry: Table<Chain>,
    doubt: Doubts,
    city: CityDisc,
}

/// Settings of the kernel (核参数), from a file in `data/transport/`.
#[derive(Debug)]
pub struct Settings {
    file: File,
    spread: [Spread; 6],
    exponent: [f64; 6],
    chains: [Chain; 7],
}

const BUNDLED: (&str, &str) =
    ("reduced-form-2026.toml", include_str!("../../../../data/transport/reduced-form-2026.toml"));

impl Settings {
    /// The settings that come with the program.
    pub fn bundled() -> Result<Settings, TransportError> {
        Settings::parse(BUNDLED.0, BUNDLED.1)
    }

    /// Reads a file of settings. Refuses `X-301` naming file and place: classes or precursors that are missing, values that can't be.
    pub fn parse(name: &str, text: &str) -> Result<Settings, TransportError> {
        let refuse = |what: String| TransportError::Settings { file: name.to_string(), what };
        let file: File = toml::from_str(text).map_err(|cause| refuse(cause.to_string()))?;
        let row = |letter: &str| {
            file.spread.rows.get(letter).copied().ok_or_else(|| refuse(format!("spread.{letter} is missing")))
        };
        let spread = [row("A")?, row("B")?, row("C")?, row("D")?, row("E")?, row("F")?];
        let power = |class: &str| {
            file.wind.exponent.get(class).copied().ok_or_else(|| refuse(format!("wind.exponent.{class} is missing")))
        };
        let exponent = [power("A")?, power("B")?, power("C")?, power("D")?, power("E")?, power("F")?];
        let mut chains = vec![];
        for precursor in Precursor::ALL {
            let chain = file.chemistry.rows.get(precursor.code());
            chains.push(*chain.ok_or_else(|| refuse(format!("chemistry.{precursor} is missing")))?);
        }
        let chains: [Chain; 7] = chains.try_into().map_err(|_| refuse("chemistry is not whole".into()))?;
        let settings = Settings { file, spread, exponent, chains };
        settings.check().map_err(refuse)?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), String> {
        let documents =
            [&self.file.spread.source, &self.file.wind.source, &self.file.chemistry.source, &self.file.doubt.source];
        if documents.iter().any(|source| source.document.trim().is_empty()) {
            return Err("a source names no document".into());
        }
        let wind = &self.file.wind;
        let above_zero = [
            ("wind.highest_m", wind.highest_m),
            ("wind.calm_ms", wind.calm_ms),
            ("wind.spread_degrees", wind.spread_degrees),
            ("wind.longest_hours", wind.longest_hours),
            ("city.radius_km", self.file.city.radius_km),
        ];
        let spread = self.spread.iter().map(|spread| ("spread a", spread.a));
        if let Some((name, value)) =
            above_zero.into_iter().chain(spread).find(|(_, value)| !(*value > 0.0 && value.is_finite()))
        {
            return Err(format!("{name} is {value}, not above zero"));
        }
        if wind.spread_degrees > 180.0 {
            return Err(format!("wind.spread_degrees is {}, more than half a circle", wind.spread_degrees));
        }
        for (precursor, chain) in Precursor::ALL.iter().zip(&self.chains) {
            let rates =
                [chain.loss_per_hour, chain.conversion_per_hour, chain.yield_kg_kg, chain.product_loss_per_hour];
            if rates.iter().any(|rate| !(rate.is_finite() && *rate >= 0.0)) {
                return Err(format!("chemistry.{precursor} has a rate below zero"));
            }
        }
        let doubt = &self.file.doubt;
        for (name, one) in [
            ("primary", doubt.primary),
            ("secondary", doubt.secondary),
            ("ammonia_and_organic", doubt.ammonia_and_organic),
        ] {
            if !(one.relative_uncertainty >= 0.0 && one.trusted_share > 0.0 && one.trusted_share <= 1.0) {
                return Err(format!("doubt.{name} is out of range"));
            }
        }
        Ok(())
    }

    /// The id of the file.
    pub fn id(&self) -> &str {
        &self.file.id
    }

    /// The losses and conversion of a precursor.
    pub fn chain(&self, precursor: Precursor) -> &Chain {
        &self.chains[precursor as usize]
    }

    /// Vertical spread at a distance, metres.
    pub fn spread_m(&self, class: Stability, metres: f64) -> f64 {
        let Spread { a, b, c } = self.spread[class as usize];
        a * metres * (1.0 + b * metres).powf(c)
    }

    /// Wind speed at a height from that at ten metres.
    pub fn speed_at(&self, speed_ms: f64, class: Stability, height_m: f64) -> f64 {
        let height = height_m.clamp(10.0, self.file.wind.highest_m.max(10.0));
        speed_ms * (height / 10.0).powf(self.exponent[class as usize])
    }

    pub(super) fn calm_ms(&self) -> f64 {
        self.file.wind.calm_ms
    }

    pub(super) fn spread_degrees(&self) -> f64 {
        self.file.wind.spread_degrees
    }

    pub(super) fn longest_hours(&self) -> f64 {
        self.file.wind.longest_hours
    }

    pub(super) fn city_radius_m(&self) -> f64 {
        self.file.city.radius_km * 1000.0
    }

    pub(super) fn primary_doubt(&self) -> Doubt {
        doubt(self.file.doubt.primary)
    }

    pub(super) fn secondary_doubt(&self) -> Doubt {
        doubt(self.file.doubt.secondary)
    }

    pub(super) fn bent_doubt(&self) -> Doubt {
        doubt(self.file.doubt.ammonia_and_organic)
    }
}

fn doubt(said: Believed) -> Doubt {
    Doubt { relative_uncertainty: said.relative_uncertainty, trusted_share: said.trusted_share }
}
