use std::collections::BTreeMap;

/// Means by the name of a score and its lead (0 = all leads).
#[derive(Default)]
pub struct Scores(BTreeMap<(String, usize), (f64, f64)>);

impl Scores {
    pub fn add(&mut self, name: &str, lead: usize, value: f64) {
        let sum = self.0.entry((name.to_string(), lead)).or_default();
        *sum = (sum.0 + value, sum.1 + 1.0);
    }

    pub fn merge(&mut self, other: Scores) {
        for (key, (value, count)) in other.0 {
            let sum = self.0.entry(key).or_default();
            *sum = (sum.0 + value, sum.1 + count);
        }
    }

    /// NaN of nothing.
    pub fn mean(&self, name: &str, lead: usize) -> f64 {
        self.0.get(&(name.to_string(), lead)).map_or(f64::NAN, |(sum, count)| sum / count)
    }

    /// Brier skill against the constant observed frequency.
    pub fn brier_skill(&self, brier: &str, event: &str, lead: usize) -> f64 {
        let frequency = self.mean(event, lead);
        1.0 - self.mean(brier, lead) / (frequency * (1.0 - frequency))
    }

    pub fn print(&self) {
        println!("{:<26} {:>7} by lead (0 = all)", "score", "cases");
        let names: std::collections::BTreeSet<&String> = self.0.keys().map(|(name, _)| name).collect();
        for name in names {
            let of = || self.0.iter().filter(move |((other, _), _)| other == name);
            let cases = of().map(|(_, (_, count))| *count).fold(0.0, f64::max);
            let line: Vec<String> =
                of().map(|((_, lead), (sum, count))| format!("{lead}: {:.4}", sum / count)).collect();
            println!("{name:<26} {cases:>7} {}", line.join("  "));
        }
    }
}
