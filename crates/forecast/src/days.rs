use crate::measures::{QUANTILES, quantile};
use crate::range::RangeRule;
use crate::run::{DayAqi, DayForecast, DayValue, Trajectories};
use crate::targets::LEADS;
use standards::{AqiEdition, AqiReport, DayMeans, EvaluationRules};
use units::{Aqi, AqiLevel, BeijingDay, BeijingHour, Concentration, Pollutant};

/// A pollutant belongs to the primary set when it leads in at least this share of the members the likeliest leads in.
const NEARLY: f64 = 0.9;

/// The day values of joint courses: every lead day, by city and lead.
///
/// The index is made member by member from all forecast pollutants, by the standard in force on each day.
pub(crate) fn day_forecasts(trajectories: &Trajectories, issue: BeijingDay) -> Vec<DayForecast> {
    let leads = 1..=LEADS as i32;
    let city_days = (0..trajectories.cities.len()).flat_map(|city| leads.clone().map(move |lead| (city, lead)));
    city_days.filter_map(|(city, lead)| day_forecast(trajectories, city, lead, issue + lead)).collect()
}

fn day_forecast(trajectories: &Trajectories, city: usize, lead: i32, date: BeijingDay) -> Option<DayForecast> {
    let members = 0..trajectories.members;
    let values = Pollutant::ALL.map(|p| {
        members.clone().map(|member| trajectories.day_value(p, member, city, date)).collect::<Option<Vec<f64>>>()
    });
    let reports: Vec<AqiReport> = members.map(|member| index(trajectories, &values, member, city, date)).collect();
    Some(DayForecast {
        city: trajectories.cities[city].clone(),
        lead_day: lead as u8,
        date,
        aqi: aqi(&reports)?,
        values: values.map(|members| members.map(summary)),
    })
}

fn summary(mut members: Vec<f64>) -> DayValue {
    members.sort_by(f64::total_cmp);
    let mean = members.iter().sum::<f64>() / members.len() as f64;
    DayValue { mean, quantiles: QUANTILES.map(|p| quantile(&members, p)) }
}

/// The day's index of one member.
fn index(
    trajectories: &Trajectories,
    values: &[Option<Vec<f64>>; 6],
    member: usize,
    city: usize,
    date: BeijingDay,
) -> AqiReport {
    let of = |p: Pollutant| Concentration::from_f64(values[p.index()].as_ref()?[member], p.unit());
    let missing: Vec<Pollutant> = Pollutant::ALL.into_iter().filter(|p| of(*p).is_none()).collect();
    let means = DayMeans {
        so2: of(Pollutant::So2),
        no2: of(Pollutant::No2),
        co: of(Pollutant::Co),
        o3_max_1h: highest_ozone(trajectories, member, city, date),
        o3_max_8h: of(Pollutant::O3),
        pm10: of(Pollutant::Pm10),
        pm25: of(Pollutant::Pm25),
    };
    let rounded = EvaluationRules::in_force(date).round_day(&means);
    AqiEdition::in_force(date).day_aqi_without(&rounded, &missing)
}

fn highest_ozone(trajectories: &Trajectories, member: usize, city: usize, date: BeijingDay) -> Option<Concentration> {
    let column = usize::try_from(BeijingHour::of_day(date, 1)? - trajectories.first_hour).ok()?;
    let hours = trajectories.course(Pollutant::O3, member, city)?.get(column..column + 24)?;
    let top = hours.iter().copied().fold(f32::NAN, f32::max);
    Concentration::from_f64(f64::from(top), Pollutant::O3.unit())
}

/// `None` when no member has an index.
fn aqi(reports: &[AqiReport]) -> Option<DayAqi> {
    let mut indices: Vec<f64> =
        reports.iter().filter_map(|report| report.aqi).map(|aqi| f64::from(aqi.get())).collect();
    indices.sort_by(f64::total_cmp);
    let count = Some(indices.len()).filter(|count| *count > 0)? as f64;
    let above = |bound: f64| indices.iter().filter(|index| **index > bound).count() as f64 / count;
    let quantiles = QUANTILES.map(|p| quantile(&indices, p).round() as u16);
    let (lo, hi) = RangeRule::bundled().holding(&indices)?;
    let [first, last] = [lo, hi].map(|end| Aqi::new(end).ok().map(AqiLevel::of));
    let primary_share = primary_share(reports);
    Some(DayAqi {
        standard: reports.first()?.standard.to_string(),
        mean: indices.iter().sum::<f64>() / count,
        quantiles,
        lo,
        hi,
        levels: AqiLevel::ALL.into_iter().filter(|level| (first..=last).contains(&Some(*level))).collect(),
        primary: if hi > 50 { primary(&primary_share) } else { vec![] },
        primary_share,
        p_aqi100: above(100.0),
        p_aqi150: above(150.0),
        p_aqi200: above(200.0),
        p_aqi300: above(300.0),
    })
}

fn primary_share(reports: &[AqiReport]) -> [f64; 6] {
    let led = reports.iter().filter(|report| !report.primary.is_empty()).count().max(1) as f64;
    Pollutant::ALL.map(|p| reports.iter().filter(|report| report.primary.contains(&p)).count() as f64 / led)
}

fn primary(share: &[f64; 6]) -> Vec<Pollutant> {
    let top = share.iter().copied().fold(0.0, f64::max);
    let of = |p: &Pollutant| share[p.index()];
    let mut set: Vec<Pollutant> = Pollutant::ALL.into_iter().filter(|p| top > 0.0 && of(p) >= NEARLY * top).collect();
    set.sort_by(|a, b| of(b).total_cmp(&of(a)));
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two members of one city on one day, each pollutant constant: `values[member]` in the order of the pollutants.
    fn courses(values: [[f32; 6]; 2]) -> Trajectories {
        let first_hour = "2018-01-14T01:00:00+08:00".parse().unwrap();
        let series = std::array::from_fn(|p| values.iter().flat_map(|member| vec![member[p]; 24]).collect());
        Trajectories { cities: vec!["x".into()], first_hour, hours: 24, members: 2, series }
    }

    #[test]
    fn the_index_of_a_member_comes_from_its_highest_pollutant() {
        let clean_but_dusty = [10.0, 40.0, 1.0, 60.0, 250.0, 35.0];
        let hazy = [10.0, 40.0, 1.0, 60.0, 100.0, 150.0];
        let day = day_forecasts(&courses([clean_but_dusty, hazy]), "2018-01-13".parse().unwrap()).remove(0);
        // PM10 250: 100 + 50 = 150; PM2.5 150: 200.
        assert_eq!((day.aqi.quantiles[0], day.aqi.quantiles[4], day.aqi.mean), (150, 200, 175.0));
        assert_eq!(day.aqi.primary, [Pollutant::Pm10, Pollutant::Pm25]);
        assert_eq!([day.aqi.p_aqi100, day.aqi.p_aqi150, day.aqi.p_aqi200], [1.0, 0.5, 0.0]);
        assert_eq!(day.aqi.levels, [AqiLevel::LightlyPolluted, AqiLevel::ModeratelyPolluted]);
        assert_eq!((day.value(Pollutant::Pm10).unwrap().mean, day.aqi.standard.as_str()), (175.0, "HJ 633-2012"));
    }

    #[test]
    fn a_missing_pollutant_is_left_out_of_the_index() {
        let mut courses = courses([[10.0, 40.0, 1.0, 60.0, 250.0, 35.0]; 2]);
        courses.series[Pollutant::Pm10.index()] = vec![];
        let day = day_forecasts(&courses, "2018-01-13".parse().unwrap()).remove(0);
        assert_eq!(day.value(Pollutant::Pm10), None);
        assert_eq!((day.aqi.quantiles[2], day.aqi.primary.as_slice()), (50, &[][..]));
    }
}
