use crate::EvaluationRules;
use crate::rules::YearDays;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use units::BeijingDay;

/// One calendar month's share of a period.
struct Month {
    number: u32,
    whole: bool,
    days: usize,
    valid: usize,
}

impl EvaluationRules {
    /// Whether the mean of a period stands on enough days (有效性).
    ///
    /// `valid[i]` says whether day `from + i` has a value. Every whole month needs its own minimum, whole
    /// years their yearly one; days that fill no month need the share the rules state.
    ///
    /// ```
    /// let rules = standards::EvaluationRules::in_force("2018-01-01".parse().unwrap());
    /// let january = |valid: usize| (0..31).map(|day| day < valid).collect::<Vec<bool>>();
    /// assert!(rules.mean_valid("2018-01-01".parse().unwrap(), &january(27)));
    /// assert!(!rules.mean_valid("2018-01-01".parse().unwrap(), &january(26)));
    /// ```
    pub fn mean_valid(&self, from: BeijingDay, valid: &[bool]) -> bool {
        self.enough(from, valid, &self.validity.year)
    }

    /// Whether the percentile of a period stands on enough days.
    pub fn percentile_valid(&self, from: BeijingDay, valid: &[bool]) -> bool {
        self.enough(from, valid, &self.validity.percentile)
    }

    fn enough(&self, from: BeijingDay, valid: &[bool], year: &YearDays) -> bool {
        let months = months(from, valid);
        let whole = months.iter().filter(|month| month.whole).count();
        let years = if whole == months.len() && whole % 12 == 0 { whole / 12 } else { 0 };
        let rest = |field: fn(&Month) -> usize| months.iter().filter(|month| !month.whole).map(field).sum::<usize>();
        !valid.is_empty()
            && months
                .iter()
                .filter(|month| month.whole)
                .all(|month| month.valid >= self.month_needs(month, years, year))
            && rest(|month| month.valid) >= needed(self.part_month_share, rest(|month| month.days))
            && months.iter().map(|month| month.valid).sum::<usize>() >= years * year.days
    }

    fn month_needs(&self, month: &Month, years: usize, year: &YearDays) -> usize {
        let alone = &self.validity.month;
        match (years > 0, month.number == 2) {
            (true, false) => year.month_days,
            (true, true) => year.february_days,
            (false, false) => alone.month_days,
            (false, true) => alone.february_days,
        }
    }

    /// How many of a city's points must be valid for the city to have a value (城市有效点位数).
    ///
    /// ```
    /// let rules = standards::EvaluationRules::in_force("2018-01-01".parse().unwrap());
    /// assert_eq!([1, 2, 3, 4, 5, 8].map(|points| rules.city_points(points)), [1, 1, 2, 3, 4, 6]);
    /// ```
    pub fn city_points(&self, points: usize) -> usize {
        let share = if points < self.validity.few_points() { self.city_few_share } else { self.city_share };
        needed(share, points)
    }
}

/// The smallest whole number that is at least this share of `total`.
fn needed(share: Decimal, total: usize) -> usize {
    (share * Decimal::from(total)).ceil().to_usize().expect("a share of a count is a count")
}

fn months(from: BeijingDay, valid: &[bool]) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    let mut start = 0;
    while start < valid.len() {
        let first = from + start as i32;
        let left = (first.days_in_month() - day_of_month(first) + 1) as usize;
        let days = left.min(valid.len() - start);
        months.push(Month {
            number: first.month(),
            whole: days == first.days_in_month() as usize,
            days,
            valid: valid[start..start + days].iter().filter(|ok| **ok).count(),
        });
        start += days;
    }
    months
}

fn day_of_month(day: BeijingDay) -> u32 {
    let first = BeijingDay::from_ymd(day.year(), day.month(), 1).expect("every month has a first day");
    (day - first) as u32 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> &'static EvaluationRules {
        EvaluationRules::in_force("2026-06-01".parse().unwrap())
    }

    /// The days of 2018 but the first `missing[m]` of each month.
    fn year_2018(missing: [u32; 12]) -> Vec<bool> {
        let first: BeijingDay = "2018-01-01".parse().unwrap();
        (0..365).map(|n| first + n).map(|day| day_of_month(day) > missing[day.month() as usize - 1]).collect()
    }

    fn valid(missing: [u32; 12]) -> bool {
        rules().mean_valid("2018-01-01".parse().unwrap(), &year_2018(missing))
    }

    #[test]
    fn a_year_needs_324_days() {
        assert!(valid([4, 3, 4, 3, 4, 3, 4, 4, 3, 4, 3, 2])); // 324
        assert!(!valid([4, 3, 4, 3, 4, 3, 4, 4, 3, 4, 3, 3])); // 323
    }

    #[test]
    fn each_month_needs_27_days_and_february_25() {
        assert!(valid([4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) && !valid([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        assert!(valid([0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) && !valid([0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        assert!(valid([0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0]) && !valid([0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]));
    }

    #[test]
    fn days_outside_whole_months_need_nine_tenths_together() {
        let from = "2018-01-12".parse().unwrap(); // 20 days of January, 10 of February
        let with = |valid: usize| (0..30).map(|n| n < valid).collect::<Vec<_>>();
        assert!(rules().mean_valid(from, &with(27)) && !rules().mean_valid(from, &with(26)));
    }

    #[test]
    fn no_days_are_never_valid() {
        assert!(!rules().mean_valid("2018-01-01".parse().unwrap(), &[]));
        assert!(!rules().percentile_valid("2018-01-01".parse().unwrap(), &[false; 10]));
    }
}
