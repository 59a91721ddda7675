//! The server as its clients see it.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod events;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod house;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod run;
#[cfg(test)]
mod sight;
