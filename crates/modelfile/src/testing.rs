//! Files written from their layouts, for tests: there are no public samples of CMAQ and WRF-Chem concentrations.

/// Name, dimensions, attributes, data.
type Variable = (String, Vec<usize>, Vec<(String, Value)>, Value);

/// A classic netCDF file under way.
pub struct NetCdf {
    dimensions: Vec<(String, usize)>,
    attributes: Vec<(String, Value)>,
    variables: Vec<Variable>,
}

/// Data of a variable or attribute.
#[derive(Clone)]
pub enum Value {
    /// Characters.
    Text(String),
    /// Four bytes each.
    Ints(Vec<i32>),
    /// Four bytes each.
    Floats(Vec<f32>),
    /// Eight bytes each.
    Doubles(Vec<f64>),
}

impl Value {
    fn kind(&self) -> u32 {
        match self {
            Value::Text(_) => 2,
            Value::Ints(_) => 4,
            Value::Floats(_) => 5,
            Value::Doubles(_) => 6,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Value::Text(text) => text.clone().into_bytes(),
            Value::Ints(values) => values.iter().flat_map(|value| value.to_be_bytes()).collect(),
            Value::Floats(values) => values.iter().flat_map(|value| value.to_be_bytes()).collect(),
            Value::Doubles(values) => values.iter().flat_map(|value| value.to_be_bytes()).collect(),
        }
    }

    fn count(&self) -> usize {
        self.bytes().len() / [0, 1, 1, 2, 4, 4, 8][self.kind() as usize]
    }
}

impl NetCdf {
    /// Dimensions by name; length 0 is the record dimension.
    pub fn new(dimensions: &[(&str, usize)]) -> NetCdf {
        let dimensions = dimensions.iter().map(|(name, length)| (name.to_string(), *length)).collect();
        NetCdf { dimensions, attributes: vec![], variables: vec![] }
    }

    /// An attribute of the whole file.
    pub fn attribute(mut self, name: &str, value: Value) -> NetCdf {
        self.attributes.push((name.to_string(), value));
        self
    }

    /// The attributes of an IOAPI grid: Lambert, 3 x 3 cells of 27 km about 32 N 118.8 E; the middle cell is the fifth.
    pub fn lambert_about_nanjing(self) -> NetCdf {
        let numbers = [
            ("P_ALP", 15.0),
            ("P_BET", 40.0),
            ("P_GAM", 118.8),
            ("YCENT", 32.0),
            ("XORIG", -40_500.0),
            ("YORIG", -40_500.0),
            ("XCELL", 27_000.0),
            ("YCELL", 27_000.0),
        ];
        let whole = self.attribute("GDTYP", Value::Ints(vec![2]));
        numbers.into_iter().fold(whole, |file, (name, value)| file.attribute(name, Value::Doubles(vec![value])))
    }

    /// A variable over named dimensions; the first may be the record dimension, of length 0.
    pub fn variable(mut self, name: &str, over: &[&str], attributes: &[(&str, Value)], data: Value) -> NetCdf {
        let place =
            |name: &&str| self.dimensions.iter().position(|(known, _)| known == name).expect("a dimension of the file");
        let attributes = attributes.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        self.variables.push((name.to_string(), over.iter().map(place).collect(), attributes, data));
        self
    }

    /// The file in CDF-1, with this many records.
    pub fn bytes(&self, records: usize) -> Vec<u8> {
        let length = self.header(records, &vec![0; self.variables.len()]).len();
        let (fixed, record): (Vec<usize>, Vec<usize>) = (0..self.variables.len()).partition(|v| !self.is_record(*v));
        let mut begins = vec![0u32; self.variables.len()];
        let mut body: Vec<u8> = vec![];
        for v in fixed {
            begins[v] = (length + body.len()) as u32;
            body.extend(padded(self.variables[v].3.bytes()));
        }
        let mut at = length + body.len();
        let share = |v: usize| self.variables[v].3.bytes().len() / records.max(1);
        for v in &record {
            begins[*v] = at as u32;
            at += (share(*v) + 3) & !3;
        }
        for n in 0..records {
            for v in &record {
                let bytes = self.variables[*v].3.bytes();
                let one = bytes[n * share(*v)..(n + 1) * share(*v)].to_vec();
                body.extend(if record.len() == 1 { one } else { padded(one) });
            }
        }
        let mut whole = self.header(records, &begins);
        whole.extend(body);
        whole
    }

    fn is_record(&self, variable: usize) -> bool {
        self.variables[variable].1.first().is_some_and(|d| self.dimensions[*d].1 == 0)
    }

    fn header(&self, records: usize, begins: &[u32]) -> Vec<u8> {
        let mut header = b"CDF\x01".to_vec();
        header.extend((records as u32).to_be_bytes());
        tag(&mut header, 10, self.dimensions.len());
        for (name, length) in &self.dimensions {
            text(&mut header, name);
            header.extend((*length as u32).to_be_bytes());
        }
        attributes(&mut header, &self.attributes);
        tag(&mut header, 11, self.variables.len());
        for ((name, over, own, data), begin) in self.variables.iter().zip(begins) {
            text(&mut header, name);
            header.extend((over.len() as u32).to_be_bytes());
            over.iter().for_each(|d| header.extend((*d as u32).to_be_bytes()));
            attributes(&mut header, own);
            header.extend(data.kind().to_be_bytes());
            header.extend([0; 4]);
            header.extend(begin.to_be_bytes());
        }
        header
    }
}

fn tag(header: &mut Vec<u8>, tag: u32, count: usize) {
    header.extend((if count == 0 { 0 } else { tag }).to_be_bytes());
    header.extend((count as u32).to_be_bytes());
}

fn text(header: &mut Vec<u8>, text: &str) {
    header.extend((text.len() as u32).to_be_bytes());
    header.extend(padded(text.as_bytes().to_vec()));
}

fn attributes(header: &mut Vec<u8>, attributes: &[(String, Value)]) {
    tag(header, 12, attributes.len());
    for (name, value) in attributes {
        text(header, name);
        header.extend(value.kind().to_be_bytes());
        header.extend((value.count() as u32).to_be_bytes());
        header.extend(padded(value.bytes()));
    }
}

fn padded(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize((bytes.len() + 3) & !3, 0);
    bytes
}
