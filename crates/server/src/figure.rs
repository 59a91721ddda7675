use serde::{Serialize, Serializer};
use units::{Concentration, Pollutant};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// A number as it is reported: rounded, and written without a decimal point when it is whole.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Figure(f64);

impl Figure {
    /// Rounds `value` to `decimals`; `None` when it is not finite.
    pub fn rounded(value: f64, decimals: i32) -> Option<Figure> {
        let scale = 10f64.powi(decimals);
        value.is_finite().then(|| Figure((value * scale).round() / scale))
    }

    /// A concentration in its reporting unit, rounded for report (GB/T 8170, in exact arithmetic).
    pub fn reported(value: Concentration, pollutant: Pollutant) -> Figure {
        Figure(value.round_for_report(pollutant.unit(), pollutant.decimals()).to_f64(pollutant.unit()))
    }

    /// A computed concentration in its reporting unit, as it is reported; `None` when it is not finite.
    pub(crate) fn of(value: f64, pollutant: Pollutant) -> Option<Figure> {
        Concentration::from_f64(value, pollutant.unit()).map(|value| Figure::reported(value, pollutant))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < 9.0e15 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl PartialSchema for Figure {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Number)).into()
    }
}

impl ToSchema for Figure {}

#[cfg(test)]
mod tests {
    use super::*;
    use units::MassUnit;

    #[test]
    fn whole_numbers_have_no_point_and_co_keeps_its_decimal() {
        let co = Concentration::parse("1.25", MassUnit::Milligram).unwrap();
        let pm = Concentration::parse("34.5", MassUnit::Microgram).unwrap();
        let figures = [Figure::reported(co, Pollutant::Co), Figure::reported(pm, Pollutant::Pm25)];
        assert_eq!(serde_json::to_string(&figures).unwrap(), "[1.2,34]");
    }

    #[test]
    fn what_is_not_a_number_is_no_figure() {
        assert_eq!(Figure::rounded(f64::NAN, 1), None);
        assert_eq!(Figure::rounded(33.349, 1).map(Figure::get), Some(33.3));
    }
}
