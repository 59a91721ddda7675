//! Units of model output, and the way to µg/m³ (CO mg/m³).
//!
//! Gases are reported at the reference state of the day (298.15 K and 1013.25 hPa since September 2018, 273.15 K
//! before), whatever the weather. A mixing ratio therefore becomes a reported concentration without the model's
//! temperature: by the molar volume, or by the density of air, of that state. Particles are reported as they hang
//! in the air, so a mass mixing ratio of particles needs the real density, and with it temperature and pressure.

use standards::GasState;
use units::{BeijingDay, Pollutant};

/// Mean molar mass of dry air, g/mol.
const AIR: f64 = 28.9647;
/// Specific gas constant of dry air, J/(kg K).
const DRY_AIR: f64 = 287.05;

/// What a unit text means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// Mass in a volume; the factor to µg/m³.
    Mass(f64),
    /// Parts of the volume; the factor to ppb.
    Volume(f64),
    /// Mass in the mass of air; the factor to µg/kg.
    MassOfAir(f64),
}

/// Temperature and pressure of the air, where the file has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Air {
    /// Temperature.
    pub kelvin: f64,
    /// Pressure.
    pub pascal: f64,
}

impl Unit {
    /// Reads a unit as models write it; `None` for anything that is no concentration, such as `K`.
    pub fn parse(text: &str) -> Option<Unit> {
        let plain = text.trim().to_lowercase().replace(['μ', 'µ', '\u{3bc}'], "u");
        let plain = plain.replace("**", "").replace('^', "").replace("³", "3").replace("m-3", "/m3");
        let plain = plain.replace("kg-1", "/kg").replace("mol-1", "/mol").replace(['(', ')', ' '], "");
        match plain.replace("//", "/").replace("micrograms", "ug").replace("/cubicmetre", "/m3").as_str() {
            "ug/m3" => Some(Unit::Mass(1.0)),
            "mg/m3" => Some(Unit::Mass(1e3)),
            "kg/m3" => Some(Unit::Mass(1e9)),
            "ppb" | "ppbv" | "nmol/mol" => Some(Unit::Volume(1.0)),
            "ppm" | "ppmv" | "umol/mol" => Some(Unit::Volume(1e3)),
            "mol/mol" | "molmol" => Some(Unit::Volume(1e9)),
            "ug/kg" | "ug/kg-dryair" => Some(Unit::MassOfAir(1.0)),
            "mg/kg" => Some(Unit::MassOfAir(1e3)),
            "kg/kg" => Some(Unit::MassOfAir(1e9)),
            _ => None,
        }
    }

    /// Factor from a value in this unit to the reported unit of the pollutant on a day, or why there is none.
    pub fn factor(self, pollutant: Pollutant, day: BeijingDay, air: Option<Air>) -> Result<f64, &'static str> {
        let reported = if pollutant == Pollutant::Co { 1e-3 } else { 1.0 };
        let volume = GasState::in_force(day).molar_volume_litres();
        let to_micrograms = match (self, molar_mass(pollutant)) {
            (Unit::Mass(factor), _) => factor,
            (Unit::Volume(to_ppb), Some(mass)) => to_ppb * mass / volume,
            (Unit::MassOfAir(factor), Some(_)) => factor * AIR / volume,
            (Unit::MassOfAir(factor), None) => {
                let air = air.ok_or("particles by mass of air need temperature and pressure, which the file lacks")?;
                factor * air.pascal / (DRY_AIR * air.kelvin)
            }
            (Unit::Volume(_), None) => return Err("particles have no share of the volume"),
        };
        Ok(to_micrograms * reported)
    }

    /// How values were converted, for a flag; `None` when only the decimal point moved.
    pub fn told(self, pollutant: Pollutant, day: BeijingDay) -> Option<String> {
        let volume = GasState::in_force(day).molar_volume_litres();
        match (self, molar_mass(pollutant)) {
            (Unit::Mass(_), _) => None,
            (Unit::Volume(_), _) => {
                Some(format!("mixing ratio by volume, converted at the reference state, {volume:.3} L/mol"))
            }
            (Unit::MassOfAir(_), Some(_)) => {
                let density = AIR / volume;
                Some(format!("mixing ratio by mass, converted with air of the reference state, {density:.3} kg/m3"))
            }
            (Unit::MassOfAir(_), None) => {
                Some("mixing ratio by mass, converted with the density from the file's temperature and pressure".into())
            }
        }
    }
}

/// g/mol of a gas, `None` for particles.
pub fn molar_mass(pollutant: Pollutant) -> Option<f64> {
    match pollutant {
        Pollutant::So2 => Some(64.066),
        Pollutant::No2 => Some(46.006),
        Pollutant::Co => Some(28.010),
        Pollutant::O3 => Some(47.998),
        Pollutant::Pm10 | Pollutant::Pm25 => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(text: &str, pollutant: Pollutant, day: &str) -> f64 {
        Unit::parse(text).unwrap().factor(pollutant, day.parse().unwrap(), None).unwrap()
    }

    fn near(found: f64, known: f64) {
        assert!((found / known - 1.0).abs() < 2e-3, "{found} is not {known}");
    }

    #[test]
    fn a_ppb_of_ozone_is_lighter_since_september_2018() {
        near(factor("ppbV", Pollutant::O3, "2018-08-31"), 2.141);
        near(factor("ppbV", Pollutant::O3, "2018-09-01"), 1.962);
        near(factor("ppmV", Pollutant::Co, "2020-01-01"), 1.145);
    }

    #[test]
    fn mass_mixing_ratios_take_the_density_of_the_reference_state() {
        near(factor("ug/kg", Pollutant::O3, "2020-01-01"), 1.184);
        near(factor("mg/kg", Pollutant::Co, "2020-01-01"), 1.184);
        near(factor("kg kg**-1", Pollutant::So2, "2017-01-01"), 1.292e9);
    }

    #[test]
    fn particles_by_mass_of_air_need_the_real_density() {
        let (unit, day) = (Unit::parse("kg kg-1").unwrap(), "2020-01-01".parse().unwrap());
        assert!(unit.factor(Pollutant::Pm25, day, None).is_err());
        let cold = Air { kelvin: 263.15, pascal: 102_500.0 };
        near(unit.factor(Pollutant::Pm25, day, Some(cold)).unwrap(), 1.357e9);
        assert!(Unit::parse("ppb").unwrap().factor(Pollutant::Pm10, day, None).is_err());
    }

    #[test]
    fn the_spellings_of_models_are_read_and_other_quantities_are_not() {
        for text in ["ug m^-3", "µg/m³", "UG/M**3", "ug/m3", "micrograms/m**3", "μg m-3"] {
            assert_eq!(Unit::parse(text), Some(Unit::Mass(1.0)), "{text}");
        }
        assert_eq!(Unit::parse("kg m**-3"), Some(Unit::Mass(1e9)));
        for text in ["K", "", "m s-1", "kg m-2", "1", "mg/m2", "g/kg"] {
            assert_eq!(Unit::parse(text), None, "{text}");
        }
    }
}
