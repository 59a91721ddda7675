use super::settings::Chain;

/// What became of a kilogram on the way (去向).
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Fate {
    /// Still itself.
    pub left: f64,
    /// Particles made of it that are still in the air.
    pub made: f64,
}

/// After so many hours: `p' = -(l + k) p`, `s' = y k p - m s`, both first order, so that the response stays linear.
///
/// `p = e^-(l+k)t`, `s = y k (e^-(l+k)t - e^-mt) / (m - l - k)`, and `y k t e^-mt` where the two rates are one.
pub(super) fn fate(chain: &Chain, hours: f64) -> Fate {
    let (rate, product) = (chain.loss_per_hour + chain.conversion_per_hour, chain.product_loss_per_hour);
    let left = (-rate * hours).exp();
    let difference = (product - rate) * hours;
    // (e^x - 1) / x, which has no hole at zero.
    let ratio = if difference.abs() < 1e-12 { 1.0 } else { difference.exp_m1() / difference };
    let made = chain.yield_kg_kg * chain.conversion_per_hour * hours * (-product * hours).exp() * ratio;
    Fate { left, made }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(loss: f64, conversion: f64, yields: f64, product: f64) -> Chain {
        Chain {
            loss_per_hour: loss,
            conversion_per_hour: conversion,
            yield_kg_kg: yields,
            product_loss_per_hour: product,
        }
    }

    #[test]
    fn without_losses_what_is_gone_has_become_the_product() {
        for hours in [0.0, 0.1, 1.0, 24.0, 480.0] {
            let fate = fate(&chain(0.0, 0.03, 1.74, 0.0), hours);
            assert!((fate.left + fate.made / 1.74 - 1.0).abs() < 1e-12, "{hours}");
        }
    }

    #[test]
    fn equal_rates_are_no_hole() {
        let at = |product: f64| fate(&chain(0.01, 0.02, 2.0, product), 10.0).made;
        assert!((at(0.03) - 2.0 * 0.02 * 10.0 * (-0.3f64).exp()).abs() < 1e-12);
        assert!((at(0.03) - at(0.03 + 1e-9)).abs() < 1e-8);
    }

    #[test]
    fn by_hand_after_ten_hours() {
        // k = 0.1, l = 0, m = 0.05, y = 1: p = e^-1, s = 0.1 (e^-1 - e^-0.5) / -0.05.
        let fate = fate(&chain(0.0, 0.1, 1.0, 0.05), 10.0);
        assert!((fate.left - 0.367_879_441).abs() < 1e-9 && (fate.made - 0.477_302_437).abs() < 1e-9, "{fate:?}");
    }
}
