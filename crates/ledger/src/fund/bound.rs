use super::problem::{Item, NO_LIMIT, Problem};

/// Prices on the limits (影子价格) and the bound they prove, in integers.
///
/// For any price l on the budget, m on the capacity share and n on each city's limits, no set that keeps the limits
/// scores more than l·B + m·C + Σ n·(cap where n > 0, floor where n < 0) + Σ over exclusion cliques of the largest
/// max(0, s − a·(l + m + n)) in it (Lagrange). Where the prices come from is of no matter to the proof: they are searched in floating point,
/// rounded to multiples of 2⁻ˢ, and the bound is evaluated in integers scaled by 2ˢ.
#[derive(Clone, Debug)]
pub(crate) struct Prices {
    /// log2 of the scale S.
    pub shift: u32,
    pub budget: i128,
    pub capacity: i128,
    pub city: Vec<i128>,
}

impl Prices {
    /// The prices that make the bound without exclusions least (the dual of the linear relaxation).
    pub fn of(problem: &Problem) -> Prices {
        let relaxed = Relaxed { problem };
        let top =
            problem.items.iter().filter(|item| item.amount > 0).map(|item| item.score as f64 / item.amount as f64);
        let top = top.fold(0.0, f64::max);
        let worth = |budget: f64| {
            if problem.capacity >= NO_LIMIT {
                return (0.0, relaxed.worth(budget, 0.0));
            }
            least(top, &|capacity| relaxed.worth(budget, capacity))
        };
        let (budget, _) = least(top, &|budget| worth(budget).1);
        let (capacity, _) = worth(budget);
        let shift = shift(problem);
        let scaled = |price: f64| (price * (1u64 << shift) as f64).round() as i128;
        let city = (0..problem.floor.len()).map(|city| scaled(relaxed.city(city, budget, capacity).1)).collect();
        Prices { shift, budget: scaled(budget), capacity: scaled(capacity), city }
    }

    /// What an item is worth beyond the prices of what it uses, scaled; negative when it is not worth them.
    pub fn reduced(&self, item: &Item) -> i128 {
        let price = self.budget + if item.capacity { self.capacity } else { 0 } + self.city[item.city];
        (i128::from(item.score) << self.shift) - i128::from(item.amount) * price
    }

    /// The bound but for the items: what the limits are worth at these prices, scaled.
    pub fn limits(&self, problem: &Problem) -> i128 {
        let city = |(city, price): (usize, &i128)| {
            price * i128::from(if *price > 0 { problem.cap[city] } else { problem.floor[city] })
        };
        let capacity = if self.capacity > 0 { self.capacity * i128::from(problem.capacity) } else { 0 };
        self.budget * i128::from(problem.budget) + capacity + self.city.iter().enumerate().map(city).sum::<i128>()
    }
}

/// Bits by which everything can be scaled so that no sum leaves 128 bits.
fn shift(problem: &Problem) -> u32 {
    let bits = |value: i128| 128 - value.leading_zeros();
    let score = problem.items.iter().map(|item| i128::from(item.score)).max().unwrap_or(0);
    let money =
        problem.items.iter().map(|item| i128::from(item.amount)).sum::<i128>() + i128::from(problem.budget.max(0));
    // Three prices of at most the largest score each, on at most twice this money, and their sum.
    118u32.saturating_sub(bits(score) + bits(money)).min(32)
}

/// The place and value of the least of a convex function on 0 to `top`, by golden section.
fn least(top: f64, worth: &dyn Fn(f64) -> f64) -> (f64, f64) {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    // 55 steps narrow the span to 3e-12 of itself, below what the bound's own scale resolves.
    const STEPS: usize = 55;
    let (mut low, mut high) = (0.0, top);
    let (mut one, mut other) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_one, mut at_other) = (worth(one), worth(other));
    for _ in 0..STEPS {
        if at_one <= at_other {
            (high, other, at_other) = (other, one, at_one);
            one = high - GOLDEN * (high - low);
            at_one = worth(one);
        } else {
            (low, one, at_one) = (one, other, at_other);
            other = low + GOLDEN * (high - low);
            at_other = worth(other);
        }
    }
    // A limit that does not bind has the price 0 exactly.
    [(0.0, worth(0.0)), (one, at_one), (other, at_other)]
        .into_iter()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0.0, 0.0))
}

/// The relaxation in which a project may be chosen in part.
struct Relaxed<'a> {
    problem: &'a Problem,
}

impl Relaxed<'_> {
    /// Value of the relaxation at prices on budget and capacity; the cities' limits are kept exactly.
    fn worth(&self, budget: f64, capacity: f64) -> f64 {
        let cities = (0..self.problem.floor.len()).map(|city| self.city(city, budget, capacity).0).sum::<f64>();
        let limit = if self.problem.capacity >= NO_LIMIT { 0.0 } else { self.problem.capacity as f64 };
        cities + budget * self.problem.budget as f64 + capacity * limit
    }

    /// The best value of one city within its limits, and the price of the limit that binds: positive for its cap,
    /// negative for its floor.
    fn city(&self, city: usize, budget: f64, capacity: f64) -> (f64, f64) {
        let (floor, cap) = (self.problem.floor[city] as f64, self.problem.cap[city] as f64);
        let first = self.problem.items.partition_point(|item| item.city < city);
        let end = self.problem.items.partition_point(|item| item.city <= city);
        let rest = |item: &Item| {
            item.score as f64 - item.amount as f64 * (budget + if item.capacity { capacity } else { 0.0 })
        };
        // A project that costs nothing comes first: no price holds it.
        let ratio = |(rest, amount): (f64, f64)| if amount > 0.0 { rest / amount } else { f64::INFINITY };
        let mut items: Vec<(f64, f64)> =
            self.problem.items[first..end].iter().map(|item| (rest(item), item.amount as f64)).collect();
        if floor <= 0.0 && self.problem.cap[city] >= NO_LIMIT {
            return (items.iter().map(|(rest, _)| rest.max(0.0)).sum(), 0.0);
        }
        items.sort_unstable_by(|one, other| ratio(*other).total_cmp(&ratio(*one)));
        let (mut spent, mut value) = (0.0, 0.0);
        for (rest, amount) in items {
            let price = if amount > 0.0 { rest / amount } else { 0.0 };
            if rest > 0.0 && spent + amount > cap {
                return (value + price * (cap - spent), price);
            }
            if rest <= 0.0 && spent + amount >= floor {
                let needed = (floor - spent).max(0.0);
                return (value + price * needed, if needed > 0.0 { price } else { 0.0 });
            }
            spent += amount;
            value += rest;
        }
        (value, 0.0)
    }
}
