use crate::StandardsError;
use crate::document::{Document, File, embed, in_force, load_family};
use serde::Deserialize;
use std::sync::LazyLock;
use toml::Spanned;
use units::{BeijingDay, Concentration, round_half_even};

static STATES: LazyLock<Vec<GasState>> = LazyLock::new(|| {
    load_family(&[embed!("gb3095-gas-state-2012.toml"), embed!("gb3095-gas-state-2018.toml")], GasState::load)
});

/// The temperature and pressure at which a gas concentration is stated (标准状态 / 参比状态).
///
/// Particles followed the gases until August 2018 and are stated at actual conditions since.
#[derive(Debug)]
pub struct GasState {
    document: Document,
    centikelvin: i64,
    pascal: i64,
    particles_actual: bool,
}

impl GasState {
    /// The state in force on `day`.
    pub fn in_force(day: BeijingDay) -> &'static GasState {
        in_force(&STATES, |state| &state.document, day)
    }

    /// Title, dates, source and confidence.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Whether particles are stated at actual temperature and pressure.
    pub fn particles_actual(&self) -> bool {
        self.particles_actual
    }

    /// Litres that one mole of an ideal gas fills at this state; 24.465 at 298.15 K and 1013.25 hPa.
    ///
    /// ```
    /// let state = standards::GasState::in_force("2020-01-01".parse().unwrap());
    /// assert!((state.molar_volume_litres() - 24.465).abs() < 0.001);
    /// ```
    pub fn molar_volume_litres(&self) -> f64 {
        const GAS_CONSTANT: f64 = 8.314_462_618;
        GAS_CONSTANT * self.centikelvin as f64 / 100.0 / self.pascal as f64 * 1000.0
    }

    /// The same gas, stated at `other` instead of this state; exact to the picogram, halves to even.
    ///
    /// ```
    /// use standards::GasState;
    /// use units::Concentration;
    /// let (old, new) = ("2018-08-31", "2018-09-01");
    /// let [old, new] = [old, new].map(|day| GasState::in_force(day.parse().unwrap()));
    /// let converted = old.convert(Concentration::micrograms(100), new);
    /// assert_eq!(converted.picograms(), 91_614_959); // factor 273.15 / 298.15
    /// ```
    pub fn convert(&self, value: Concentration, other: &GasState) -> Concentration {
        let numerator = i128::from(value.picograms()) * i128::from(self.centikelvin * other.pascal);
        let denominator = i128::from(other.centikelvin * self.pascal);
        Concentration::from_picograms(round_half_even(numerator, denominator) as i64)
    }

    fn load(file: &File) -> Result<Self, StandardsError> {
        let (document, body): (Document, Body) = file.read()?;
        let hundredfold = |text: &Spanned<String>| {
            let scaled = file.decimal(text)? * rust_decimal::Decimal::ONE_HUNDRED;
            i64::try_from(scaled)
                .ok()
                .filter(|value| (1..1_000_000).contains(value))
                .ok_or_else(|| file.refuse(text.span(), "not a temperature or pressure of this earth"))
        };
        let particles_actual = match body.particles.as_ref().as_str() {
            "actual" => true,
            "same-state" => false,
            other => return Err(file.refuse(body.particles.span(), format!("unknown state of particles {other:?}"))),
        };
        let (centikelvin, pascal) = (hundredfold(&body.temperature_kelvin)?, hundredfold(&body.pressure_hectopascal)?);
        Ok(GasState { document, centikelvin, pascal, particles_actual })
    }
}

#[derive(Deserialize)]
struct Body {
    temperature_kelvin: Spanned<String>,
    pressure_hectopascal: Spanned<String>,
    particles: Spanned<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_converts_to_itself_unchanged_and_there_and_back_within_a_picogram() {
        let [old, new] = ["2017-01-01", "2020-01-01"].map(|day| GasState::in_force(day.parse().unwrap()));
        let value = Concentration::micrograms(160);
        assert_eq!(old.convert(value, old), value);
        let back = new.convert(old.convert(value, new), old);
        assert!((back.picograms() - value.picograms()).abs() <= 1);
        assert!(new.particles_actual() && !old.particles_actual());
    }
}
