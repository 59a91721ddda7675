//! The server as its clients see it.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod attachments;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod auth;
#[cfg(test)]
mod consult;
#[cfg(test)]
mod consult_rule;
#[cfg(test)]
mod events;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod forecasts;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod guest;
#[cfg(test)]
mod guidance;
#[cfg(test)]
mod house;
#[cfg(test)]
mod idor;
#[cfg(test)]
mod matters;
#[cfg(test)]
mod notify;
#[cfg(test)]
mod oidc;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod people;
#[cfg(test)]
mod people_scored;
#[cfg(test)]
mod pushed;
#[cfg(test)]
mod receivers;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod run;
#[cfg(test)]
mod sight;
#[cfg(test)]
mod warn;
#[cfg(test)]
mod warn_plans;
#[cfg(test)]
mod work;
