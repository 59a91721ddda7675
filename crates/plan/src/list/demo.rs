//! The demonstration list (演示清单): real power plants with assumed figures, and made-up enterprises. Every record says so.

use super::amounts::Amounts;
use super::entry::{Companion, CompanionKind, Entry, Grade, Graded, Measure};
use super::phrase;
use super::plants::{PowerPlant, WRI_ATTRIBUTION, read_power_plants};
use super::scheme::Scheme;
use super::value::{LIST_FORMAT, List};
use crate::PlanError;
use observe::regions;
use units::{KilogramPerDay, RegionCode, TonnePerYear, WarningLevel};

const PLANTS: &str = include_str!("../../../../data/demo/power-plants-jiangsu.csv");
const ENTERPRISES: usize = 1_440;
const SITES: usize = 130;
const JIANGSU: &str = "320000";
const SOURCE: &str = "演示：由程序生成，不对应任何企业";

/// An industry of the made-up enterprises: key industry, name, unit and size of its load, t/a a thousand of load, weight.
struct Kind {
    number: u8,
    name: &'static str,
    load: &'static str,
    unit: &'static str,
    size: f64,
    /// SO2, NOx, PM, VOCs in t/a at the middle size.
    annual: [f64; 4],
    weight: u32,
}

const fn kind(
    number: u8,
    name: &'static str,
    load: &'static str,
    unit: &'static str,
    size: f64,
    annual: [f64; 4],
    weight: u32,
) -> Kind {
    Kind { number, name, load, unit, size, annual, weight }
}

/// Invented sizes: of an order that makes a plan worth looking at, no statistics.
const KINDS: [Kind; 17] = [
    kind(1, "长流程联合钢铁", "铁水产量", "吨/日", 9000.0, [420.0, 780.0, 350.0, 90.0], 1),
    kind(2, "短流程钢铁", "钢产量", "吨/日", 1800.0, [20.0, 60.0, 70.0, 10.0], 2),
    kind(4, "焦化", "装煤量", "吨/日", 2600.0, [90.0, 240.0, 60.0, 60.0], 1),
    kind(6, "铸造", "熔炼量", "吨/日", 60.0, [3.0, 4.0, 12.0, 6.0], 14),
    kind(15, "水泥", "熟料产量", "吨/日", 3200.0, [60.0, 320.0, 90.0, 0.0], 4),
    kind(16, "砖瓦窑", "砖坯入窑量", "吨/日", 400.0, [25.0, 30.0, 14.0, 0.0], 8),
    kind(17, "陶瓷", "投料量", "吨/日", 180.0, [12.0, 26.0, 9.0, 0.0], 4),
    kind(19, "玻璃", "投料量", "吨/日", 960.0, [45.0, 150.0, 16.0, 0.0], 3),
    kind(23, "炼油与石油化工", "加工量", "吨/日", 9000.0, [160.0, 300.0, 50.0, 700.0], 2),
    kind(26, "制药", "投料量", "吨/日", 12.0, [0.5, 1.5, 0.8, 18.0], 7),
    kind(27, "农药", "投料量", "吨/日", 20.0, [1.0, 2.0, 1.2, 22.0], 4),
    kind(28, "涂料", "投料量", "吨/日", 40.0, [0.0, 0.5, 1.2, 14.0], 8),
    kind(31, "包装印刷", "油墨使用量", "吨/日", 1.2, [0.0, 0.2, 0.0, 10.0], 12),
    kind(34, "橡胶制品", "投料量", "吨/日", 25.0, [0.3, 0.8, 1.6, 9.0], 8),
    kind(36, "家具", "涂料使用量", "吨/日", 0.8, [0.0, 0.1, 2.4, 8.0], 9),
    kind(37, "汽车整车制造", "日产量", "辆/日", 700.0, [1.0, 9.0, 4.0, 120.0], 1),
    kind(39, "工业涂装", "涂料使用量", "吨/日", 1.5, [0.0, 0.4, 2.0, 12.0], 22),
];

/// The demonstration list of Jiangsu: about 1,500 entries, the same each time.
pub fn demonstration() -> Result<List, PlanError> {
    let province: RegionCode = JIANGSU.parse().expect("a code that the program itself writes");
    let scheme = Scheme::bundled("grading-2020")?;
    let (plants, _) = read_power_plants("power-plants-jiangsu.csv", PLANTS.as_bytes())?;
    let mut entries: Vec<Entry> = plants.iter().filter_map(|plant| power(plant, province)).collect();
    let mut random = fastrand::Rng::with_seed(2026);
    for number in 1..=ENTERPRISES {
        entries.push(enterprise(number, province, &scheme, &mut random)?);
    }
    let companions = (1..=SITES).map(|number| site(number, province, &mut random)).collect();
    let list = List {
        format: LIST_FORMAT.into(),
        region: province,
        edition: "演示".into(),
        adopted_on: None,
        source: format!("演示清单：电厂名称与位置取自 {WRI_ATTRIBUTION}；其余由程序生成"),
        demonstration: true,
        entries,
        companions,
    };
    list.checked()
}

/// A real plant: name, place and capacity are WRI's, everything else is assumed.
fn power(plant: &PowerPlant, province: RegionCode) -> Option<Entry> {
    // Assumed: 4,500 hours a year at full load, and these grams a kilowatt-hour of SO2, NOx and PM.
    const HOURS: f64 = 4500.0;
    let grams = if plant.fuel == "Coal" { [0.10, 0.16, 0.02] } else { [0.005, 0.12, 0.005] };
    let (city, how) = plant.city_in(province)?;
    let county = regions::counties_of(city).min_by(|a, b| plant.distance(a).total_cmp(&plant.distance(b)))?;
    let name = format!("{}（演示）", plant.name);
    let mut entry = Entry::new(format!("wri-{}", plant.id), name, city, WRI_ATTRIBUTION.into());
    (entry.county, entry.county_name) = (Some(county.code), county.full_name.clone());
    (entry.lon, entry.lat) = (Some(plant.lon), Some(plant.lat));
    (entry.industry, entry.industry_code) = ("火力发电".into(), "4411".into());
    entry.product = format!("装机 {} MW", plant.capacity_mw);
    entry.fuel = match plant.fuel.as_str() {
        "Coal" => "煤",
        "Landfill gas" => "填埋气",
        _ => "天然气",
    }
    .into();
    entry.operating_days = Some(330);
    let tonnes = |grams: f64| Some(TonnePerYear(plant.capacity_mw * HOURS * grams / 1000.0));
    entry.annual = Amounts { so2: tonnes(grams[0]), nox: tonnes(grams[1]), pm: tonnes(grams[2]), vocs: None };
    if plant.capacity_mw <= 60.0 {
        entry.safeguard = "民生供热（演示设定）".into();
    }
    let load = plant.capacity_mw;
    entry.measures = measures([
        "自主减排".to_string(),
        format!("发电出力由{load:.0}兆瓦降至{:.0}兆瓦及以下", load * 0.9),
        format!("发电出力由{load:.0}兆瓦降至{:.0}兆瓦及以下", load * 0.8),
    ]);
    for measure in &mut entry.measures {
        measure.indicator = "机组出力、在线监测".into();
        measure.cost_wan_yuan = measure.share().map(|share| round(share.get() * load * 0.1));
    }
    (entry.grades, entry.demonstration) = (grades(Grade::C, Grade::C), true);
    entry.remarks = format!("演示：名称、位置、容量取自 WRI，排放量、等级和措施为假定；{how}；区县取最近");
    Some(entry)
}

fn enterprise(
    number: usize,
    province: RegionCode,
    scheme: &Scheme,
    random: &mut fastrand::Rng,
) -> Result<Entry, PlanError> {
    let total: u32 = KINDS.iter().map(|kind| kind.weight).sum();
    let mut ticket = random.u32(0..total);
    let kind = KINDS
        .iter()
        .find(|kind| match ticket.checked_sub(kind.weight) {
            Some(rest) => {
                ticket = rest;
                false
            }
            None => true,
        })
        .expect("the ticket lies below the sum of the weights");
    let county = county(province, random);
    let city = county.code.city().expect("a county lies in a city");
    let name = format!("演示企业{number:04}（{}）", kind.name);
    let mut entry = Entry::new(format!("demo-{number:04}"), name, city, SOURCE.into());
    (entry.county, entry.county_name) = (Some(county.code), county.full_name.clone());
    (entry.lon, entry.lat) = (Some(spread(county.lon, random)), Some(spread(county.lat, random)));
    (entry.industry, entry.key_industry) = (kind.name.into(), scheme.industry(kind.name));
    debug_assert_eq!(entry.key_industry, Some(kind.number));
    // Sizes between a fifth and five times the middle one, small ones oftener.
    let size = 5f64.powf(random.f64() + random.f64() - 1.2);
    let load = round(kind.size * size).max(0.1);
    entry.product = format!("{} {load}{}", kind.load, kind.unit);
    entry.operating_days = Some(random.u16(280..=350));
    let of = |amount: f64| (amount > 0.0).then(|| TonnePerYear(round(amount * size)));
    let [so2, nox, pm, vocs] = kind.annual;
    entry.annual = Amounts { so2: of(so2), nox: of(nox), pm: of(pm), vocs: of(vocs) };
    entry.small_emitter = entry.annual.known().all(|(_, annual)| annual.0 < 0.1);
    let grade = match random.u32(0..100) {
        0..3 => Grade::A,
        3..20 => Grade::B,
        20..62 => Grade::C,
        _ => Grade::D,
    };
    let newer = if grade == Grade::A && random.u32(0..4) == 0 { Grade::APlus } else { grade };
    entry.grades = grades(grade, newer);
    let cut = match grade {
        Grade::A => [0.0, 0.0, 0.0],
        Grade::B => [0.0, 0.1, 0.2],
        Grade::C => [0.1, 0.3, 0.5],
        _ => [0.3, 0.5, 1.0],
    };
    entry.measures = measures(cut.map(|cut| words(kind, load, cut)));
    // Value added of a day at full load, of which a cut costs the share; dearer the better the plant is run.
    let value = 0.4 * load.sqrt() * (0.5 + random.f64());
    for measure in &mut entry.measures {
        measure.indicator = format!("{}台账、用电量", kind.load);
        measure.cost_wan_yuan = measure.share().map(|share| round(share.get() * value * (1.0 + 0.5 * share.get())));
    }
    (entry.demonstration, entry.remarks) = (true, "演示".into());
    Ok(entry)
}

fn words(kind: &Kind, load: f64, cut: f64) -> String {
    if cut == 0.0 {
        "自主减排".into()
    } else if cut == 1.0 {
        "停产".into()
    } else {
        format!("{}由{load}{unit}降至{}{unit}及以下", kind.load, round(load * (1.0 - cut)), unit = kind.unit)
    }
}

fn site(number: usize, province: RegionCode, random: &mut fastrand::Rng) -> Companion {
    let county = county(province, random);
    let dust = !number.is_multiple_of(4);
    let (kind, name, size, size_of) = if dust {
        (
            CompanionKind::Dust,
            format!("演示工地{number:03}"),
            f64::from(random.u32(2..60)) * 1000.0,
            "占地面积（平方米）",
        )
    } else {
        (CompanionKind::Mobile, format!("演示用车大户{number:03}"), f64::from(random.u32(10..400)), "日均车次（辆）")
    };
    let texts = if dust {
        ["停止土石方作业，洒水覆盖", "停止土石方、拆除、喷涂作业，洒水覆盖", "除应急抢险外停止作业，洒水覆盖"]
    } else {
        ["禁止国四及以下重型柴油货车进出", "禁止国四及以下重型柴油货车进出，错峰运输", "停止公路运输，民生保障车辆除外"]
    };
    Companion {
        id: format!("demo-site-{number:03}"),
        kind,
        name,
        city: county.code.city().expect("a county lies in a city"),
        county_name: county.full_name.clone(),
        address: String::new(),
        size: Some(size),
        size_of: size_of.into(),
        measures: measures(texts.map(str::to_string)),
        source: SOURCE.into(),
        demonstration: true,
    }
}

fn measures(texts: [String; 3]) -> Vec<Measure> {
    WarningLevel::ALL
        .into_iter()
        .zip(texts)
        .map(|(level, text)| {
            let clauses = phrase::parse(&text).expect("texts that the generator itself words");
            Measure {
                level,
                text,
                clauses,
                stated_cut: Amounts::<KilogramPerDay>::default(),
                indicator: String::new(),
                cost_wan_yuan: None,
            }
        })
        .collect()
}

fn grades(older: Grade, newer: Grade) -> Vec<Graded> {
    let graded = |scheme: &str, grade| Graded {
        scheme: scheme.into(),
        grade,
        local: false,
        decided_on: None,
        evidence: "演示".into(),
    };
    vec![graded("grading-2020", older), graded("grading-2026", newer)]
}

fn county(province: RegionCode, random: &mut fastrand::Rng) -> &'static regions::Region {
    let counties: Vec<_> = regions::cities_of(province).flat_map(|city| regions::counties_of(city.code)).collect();
    counties[random.usize(0..counties.len())]
}

/// Within some ten kilometres.
fn spread(degrees: f64, random: &mut fastrand::Rng) -> f64 {
    ((degrees + (random.f64() - 0.5) * 0.16) * 1e4).round() / 1e4
}

/// Three significant digits.
fn round(value: f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let scale = 10f64.powf(2.0 - value.abs().log10().floor());
    // Dividing by a power of ten would leave 0.30000000000000004 behind.
    format!("{:.6}", (value * scale).round() / scale).parse().expect("a number that was just written")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::lawful;

    #[test]
    fn the_list_is_the_same_each_time_and_every_record_says_that_it_is_a_demonstration() {
        let list = demonstration().unwrap();
        assert_eq!(list.digest().unwrap(), demonstration().unwrap().digest().unwrap());
        assert!((1_480..=1_520).contains(&list.entries.len()), "{}", list.entries.len());
        assert!(
            list.demonstration && list.entries.iter().all(|entry| entry.demonstration && entry.name.contains("演示"))
        );
        assert!(list.companions.iter().all(|site| site.demonstration && site.name.contains("演示")));
        let cities: std::collections::BTreeSet<_> = list.entries.iter().map(|entry| entry.city).collect();
        assert_eq!(cities.len(), 13);
        let real: Vec<_> = list.entries.iter().filter(|entry| entry.id.starts_with("wri-")).collect();
        assert!(real.len() > 50 && real.iter().all(|entry| entry.source.contains("CC BY 4.0")));
    }

    #[test]
    fn every_measure_is_understood_and_most_entries_can_be_ordered_something() {
        let list = demonstration().unwrap();
        let scheme = Scheme::bundled("grading-2020").unwrap();
        let understood = |entry: &Entry| entry.measures.iter().all(|measure| measure.share().is_some());
        assert!(list.entries.iter().all(understood));
        let with =
            list.entries.iter().filter(|entry| !lawful(entry, WarningLevel::Orange, &scheme).offers.is_empty()).count();
        assert!(with * 10 > list.entries.len() * 8, "{with} of {}", list.entries.len());
    }
}
