use crate::{Classic, Fault, Hdf5, is_classic, is_hdf5};

/// Most values of one read: an hour of a 1,000 x 1,000 grid on sixty layers.
pub const MOST_VALUES: usize = 64_000_000;

/// Named arrays with attributes, whatever the container (数据集).
pub trait Dataset {
    /// Names of all variables, in order.
    fn names(&self) -> Vec<String>;

    /// Names and lengths of a variable's dimensions, the slowest first.
    fn shape(&self, variable: &str) -> Option<Vec<(String, usize)>>;

    /// A text attribute of a variable, or of the whole file, trimmed.
    fn text(&self, variable: Option<&str>, attribute: &str) -> Option<String>;

    /// The first number of an attribute of a variable, or of the whole file.
    fn number(&self, variable: Option<&str>, attribute: &str) -> Option<f64>;

    /// Values from `start`, `count` along each dimension, the slowest first; unpacked, NaN where there is none.
    ///
    /// Refuses what lies outside the variable or the file, and more than 64 million values.
    fn slab(&self, variable: &str, start: &[usize], count: &[usize]) -> Result<Vec<f64>, Fault>;

    /// The lines of a character variable.
    fn lines(&self, variable: &str) -> Result<Vec<String>, Fault>;

    /// Whether there is such a variable.
    fn has(&self, variable: &str) -> bool {
        self.shape(variable).is_some()
    }

    /// The length of a dimension of any variable.
    fn length(&self, dimension: &str) -> Option<usize> {
        let of = |name: String| self.shape(&name)?.into_iter().find(|(known, _)| known == dimension);
        self.names().into_iter().find_map(of).map(|(_, length)| length)
    }

    /// All values of a variable.
    fn all(&self, variable: &str) -> Result<Vec<f64>, Fault> {
        let shape = self.shape(variable).ok_or_else(|| Fault::Missing(variable.to_string()))?;
        let count: Vec<usize> = shape.iter().map(|(_, length)| *length).collect();
        self.slab(variable, &vec![0; count.len()], &count)
    }
}

/// Opens netCDF, classic or netCDF-4; `None` when the bytes are neither.
pub fn open(bytes: &[u8]) -> Result<Option<Box<dyn Dataset + '_>>, Fault> {
    if is_classic(bytes) {
        let file = Classic::open(bytes).map_err(Fault::Damaged)?;
        return Ok(Some(Box::new(file)));
    }
    if is_hdf5(bytes) {
        return Ok(Some(Box::new(Hdf5::open(bytes)?)));
    }
    Ok(None)
}

/// Checks a read against the shape before anything is allocated; the number of values.
pub(crate) fn checked(
    variable: &str,
    shape: &[(String, usize)],
    start: &[usize],
    count: &[usize],
) -> Result<usize, Fault> {
    let outside = || Fault::Damaged(format!("{variable} has no values at {start:?} + {count:?}"));
    if shape.len() != start.len() || shape.len() != count.len() {
        return Err(Fault::Damaged(format!("{variable} has {} dimensions, not {}", shape.len(), start.len())));
    }
    for ((_, length), (from, number)) in shape.iter().zip(start.iter().zip(count)) {
        from.checked_add(*number).filter(|end| end <= length).ok_or_else(outside)?;
    }
    let size = count.iter().try_fold(1usize, |all, one| all.checked_mul(*one));
    size.filter(|size| *size <= MOST_VALUES).ok_or(Fault::TooMany { what: "values in one read", limit: MOST_VALUES })
}

impl Dataset for Classic<'_> {
    fn names(&self) -> Vec<String> {
        Classic::names(self).map(String::from).collect()
    }

    fn shape(&self, variable: &str) -> Option<Vec<(String, usize)>> {
        self.variable(variable).map(|variable| variable.shape.clone())
    }

    fn text(&self, variable: Option<&str>, attribute: &str) -> Option<String> {
        match variable {
            None => crate::word(&self.attributes, attribute).map(String::from),
            Some(name) => self.variable(name)?.word(attribute).map(String::from),
        }
    }

    fn number(&self, variable: Option<&str>, attribute: &str) -> Option<f64> {
        match variable {
            None => crate::number(&self.attributes, attribute),
            Some(name) => self.variable(name)?.number(attribute),
        }
    }

    fn slab(&self, name: &str, start: &[usize], count: &[usize]) -> Result<Vec<f64>, Fault> {
        let variable = self.variable(name).ok_or_else(|| Fault::Missing(name.to_string()))?;
        let size = checked(name, &variable.shape, start, count)?;
        // The last value first: a header that promises more than the file holds is refused before room is made.
        let last: Vec<usize> = start.iter().zip(count).map(|(from, number)| from + number.saturating_sub(1)).collect();
        let cut = || Fault::Damaged(format!("{name} is longer than the file"));
        if size > 0 {
            self.at(variable, &last).ok_or_else(cut)?;
        }
        let mut values = Vec::with_capacity(size);
        let mut at = start.to_vec();
        for _ in 0..size {
            values.push(self.scaled(variable, &at).ok_or_else(cut)?);
            for place in (0..at.len()).rev() {
                at[place] += 1;
                if at[place] < start[place] + count[place] {
                    break;
                }
                at[place] = start[place];
            }
        }
        Ok(values)
    }

    fn lines(&self, name: &str) -> Result<Vec<String>, Fault> {
        let variable = self.variable(name).ok_or_else(|| Fault::Missing(name.to_string()))?;
        let rows = variable.shape.first().map_or(0, |(_, length)| *length);
        if rows > crate::MOST_STEPS {
            return Err(Fault::TooMany { what: "lines of text", limit: crate::MOST_STEPS });
        }
        let line = |row| Classic::text(self, variable, row).ok_or_else(|| Fault::Damaged(format!("{name} is no text")));
        (0..rows).map(line).collect()
    }
}
