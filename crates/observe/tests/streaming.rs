//! Memory doesn't grow with the file. A program of its own, so that no other test's memory counts.

use observe::import;
use std::io::{self, Read};

/// Rows made on the fly: 200 sites, hour after hour.
struct Rows {
    next: u64,
    end: u64,
    pending: Vec<u8>,
}

const SITES: u64 = 200;

impl Rows {
    fn new(end: u64) -> Self {
        Rows { next: 0, end, pending: b"time,site,SO2,NO2,CO,O3,PM10,PM2_5\n".to_vec() }
    }

    fn row(n: u64) -> String {
        let hour = units::BeijingHour::from_index(400_000 + (n / SITES) as i64);
        format!("{hour},site-{},{},40,0.{},60,{},{}\n", n % SITES, n % 30, n % 10, n % 180, n % 97)
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.pending.len() < buffer.len() && self.next < self.end {
            self.pending.extend(Self::row(self.next).into_bytes());
            self.next += 1;
        }
        let count = self.pending.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.pending[..count]);
        self.pending.drain(..count);
        Ok(count)
    }
}

#[test]
fn sixty_megabytes_pass_through_a_few() {
    let rows = 1_000_000;
    let mut values = 0u64;
    let report = import::detect_and_read("big.csv", Rows::new(rows), &mut |_| {
        values += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!((report.rows_read, values, report.refused), (rows, rows * 6, 0));
    if let Some(peak) = peak_kilobytes() {
        assert!(peak < 60_000, "{peak} kB at most were in memory");
    }
}

/// The most memory this process has held, where the system says.
fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}
