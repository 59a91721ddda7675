//! Working days of the program, seen from outside: what is typed, what comes back, what stays stored.

mod bad_file;
mod bad_place;
mod bad_row;
mod database;
mod idempotence;
#[cfg(test)]
mod kill;
mod morning_bulletin;
mod past_winter;
mod project_files;
mod sample;
mod source_receptor;
