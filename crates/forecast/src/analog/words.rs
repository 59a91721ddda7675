use super::Analog;
use crate::episode::{EpisodeDefinition, episode_words};
use crate::words::{Names, Words, dated_words, day_words, lower, percent_words};

/// An analog in sentences: how near, what followed, how the episode ended, what was recorded.
pub fn analog_words(definition: &EpisodeDefinition, analog: &Analog, names: Names) -> Words {
    let (date, share) = (dated_words(analog.date), percent_words(analog.similarity));
    let near = Words::new(
        format!("与 {}相似（相似度 {}）。", date.text, share.text),
        format!("Like {} (similarity {}). ", date.text_en, share.text_en),
    );
    near + followed(definition, analog) + ended(definition, analog, names) + recorded(analog)
}

/// The highest mean over the cities of the following days.
fn followed(definition: &EpisodeDefinition, analog: &Analog) -> Words {
    let mean = |day: usize| {
        let valid: Vec<f64> = analog.after.iter().map(|city| city[day]).filter(|value| value.is_finite()).collect();
        (!valid.is_empty()).then(|| valid.iter().sum::<f64>() / valid.len() as f64)
    };
    let days = analog.days_after.iter().enumerate().filter_map(|(k, day)| Some((mean(k)?, *day)));
    let (count, unit) = (analog.days_after.len(), definition.measure.unit());
    match days.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((value, day)) => {
            let (day, value) = (day_words(day), value.round_ties_even());
            Words::new(
                format!("其后 {count} 天各市平均最高 {value}{unit}（{}）。", day.text),
                format!(
                    "The mean of the cities in the {count} days after was at most {value}{unit} ({}). ",
                    day.text_en
                ),
            )
        }
        None => Words::new(
            format!("其后 {count} 天没有实况。"),
            format!("Nothing was observed in the {count} days after. "),
        ),
    }
}

fn ended(definition: &EpisodeDefinition, analog: &Analog, names: Names) -> Words {
    match &analog.episode {
        Some(episode) => episode_words(definition, episode, names) + Words::new("", " "),
        None => Words::new(
            format!("其间没有区域性的{}。", definition.title),
            format!("No regional {} in that time. ", lower(&definition.title_en)),
        ),
    }
}

fn recorded(analog: &Analog) -> Words {
    if analog.notes.is_empty() {
        return Words::new("当时的应对：无记录。", "What was done then: no record.");
    }
    let one =
        |(text, source): (&String, &String)| Words::new(format!("{text}（{source}）"), format!("{text} ({source})"));
    let notes: Vec<Words> = analog.notes.iter().map(|note| one((&note.text, &note.source))).collect();
    let (zh, en): (Vec<&str>, Vec<&str>) = notes.iter().map(|w| (w.text.as_str(), w.text_en.as_str())).unzip();
    Words::new(format!("当时的应对：{}。", zh.join("；")), format!("What was done then: {}.", en.join("; ")))
}
