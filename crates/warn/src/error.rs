use org::OrgError;
use units::{BeijingHour, RegionCode, WarningLevel};

/// Why a check was not made, or a step of a warning not taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WarnError {
    /// A plan file that does not parse or contradicts itself.
    #[error("W-101 plan {file}: {reason}")]
    Plan {
        /// File name or bundled id.
        file: String,
        /// What is wrong, with the line where the reader knows it.
        reason: String,
    },
    /// No plan of that name comes with the program.
    #[error("W-102 no bundled plan {id:?}; bundled are {known}")]
    UnknownPlan {
        /// The name asked for.
        id: String,
        /// Names of the bundled plans.
        known: String,
    },
    /// Series whose length does not fit its members, cities and hours.
    #[error("W-103 {members} members, {cities} cities and {hours} hours have {found} values")]
    Shape {
        /// Members named.
        members: usize,
        /// Cities named.
        cities: usize,
        /// Hours named.
        hours: usize,
        /// Values found.
        found: usize,
    },
    /// No plan is in force for a region on a day.
    #[error("W-104 no plan is in force for {region} on {day}")]
    NoPlan {
        /// The region.
        region: RegionCode,
        /// The day.
        day: String,
    },
    /// Several plans of one area in force at once.
    #[error("W-105 plans {plans} are in force at once for {region} on {day}: end one of them first")]
    PlansOverlap {
        /// Their ids.
        plans: String,
        /// The region.
        region: RegionCode,
        /// The day.
        day: String,
    },
    /// A value that is none.
    #[error("W-106 {city}, member {member}, hour {hour} of the forecast: {value} is no value; nothing was checked")]
    Absurd {
        /// Number of the member, from 1.
        member: usize,
        /// City.
        city: String,
        /// Number of the hour, from 1.
        hour: usize,
        /// The value.
        value: String,
    },
    /// No warning of that id.
    #[error("W-201 there is no such warning")]
    NotFound,
    /// The id is taken.
    #[error("W-202 there is a warning of this id already; nothing was proposed")]
    Exists,
    /// A text that is empty, too long, or has control characters.
    #[error("W-203 {what} is 1 to {most} characters without control characters; nothing was changed")]
    BadText {
        /// Which text.
        what: &'static str,
        /// The limit.
        most: usize,
    },
    /// A warning about no city, a city twice, or too many.
    #[error("W-204 a warning names one to {0} cities, each once; nothing was changed")]
    BadCities(usize),
    /// A time that does not lie where it must.
    #[error("W-205 a warning ends after it starts and lasts at most {0} days; nothing was changed")]
    BadTimes(u32),
    /// A city of which the forecast says nothing.
    #[error("W-206 the forecast says nothing of {0}: leave it out or take another run; nothing was changed")]
    NoForecast(RegionCode),
    /// A forecast that is too old, or from the future.
    #[error(
        "W-207 the forecast of {issue} is {age} hours old, at most {most} are allowed: take the newest run and assess again; the draft is kept"
    )]
    ForecastAge {
        /// Its issue time.
        issue: BeijingHour,
        /// Its age, hours.
        age: i64,
        /// The plan's limit, hours.
        most: u32,
    },
    /// A plan that is not in force.
    #[error("W-208 plan {0} is not in force today; nothing was changed")]
    PlanNotInForce(String),
    /// A real warning on demonstration data.
    #[error("W-209 these are demonstration data: on them a warning can only be an exercise; nothing was changed")]
    OnlyExercise,
    /// Below what the plan or a prompt asks for, without saying why.
    #[error("W-210 {least} is what the plan or the prompt asks for: say why less is enough; nothing was changed", least = .0.code())]
    BelowLeast(WarningLevel),
    /// Something that departs from the rule, without saying why.
    #[error("W-211 {0}: say why; nothing was changed")]
    ReasonMissing(Departure),
    /// A city that another warning holds already.
    #[error("W-212 {0} is warned already: change that warning instead; nothing was changed")]
    WarnedElsewhere(RegionCode),
    /// A change that is not what its name says.
    #[error("W-213 this does not {0} what holds now; nothing was changed")]
    NotThatChange(&'static str),
    /// A prompt that the plan does not know.
    #[error("W-214 the plan knows no prompt of this level from this body for the area {0}; nothing was changed")]
    UnknownPrompt(String),
    /// Nothing to decide upon.
    #[error("W-215 forecast and plan could not be read at this moment; nothing was changed")]
    NoBasis,
    /// A step that the state does not allow.
    #[error("W-301 a warning that is {state} does not take {step}; nothing was changed")]
    WrongState {
        /// Where it stands.
        state: &'static str,
        /// What was asked.
        step: &'static str,
    },
    /// A rule of two persons, in the words of `org`.
    #[error("W-302 {0}")]
    Separation(OrgError),
    /// The draft is not the one that was seen.
    #[error("W-303 the draft was written anew meanwhile: read it before you pass it on; nothing was changed")]
    DraftChanged,
    /// A document number that was used before.
    #[error("W-304 document number {0:?} was used before; nothing was issued")]
    DocumentUsed(String),
    /// A step that this account may not take on this warning.
    #[error("W-305 {0} is not among what this account may do with this warning")]
    NotPermitted(&'static str),
    /// A step that only the program takes.
    #[error("W-306 only the program itself can do this")]
    ProgramOnly,
    /// Numbers that cannot be signed.
    #[error("W-307 the draft cannot be put into the form that is signed: {0}")]
    NotSignable(event::EventError),
    /// A delivery that nobody made.
    #[error("W-310 nothing of {document:?} went to {recipient:?} by {channel:?}; nothing was changed")]
    NoDelivery {
        /// The document.
        document: String,
        /// The way.
        channel: String,
        /// To whom.
        recipient: String,
    },
    /// An exercise leaves the house by no way.
    #[error("W-311 an exercise is delivered to nobody; nothing was changed")]
    ExerciseStays,
    /// A plan's id that is in use.
    #[error("W-320 there is a plan {0:?} already: a new edition has a new id; nothing was changed")]
    PlanExists(String),
    /// No record of that plan.
    #[error("W-321 there is no draft or end of a plan {0:?}")]
    NoPlanRecord(String),
    /// A draft with faults.
    #[error("W-322 plan {plan} is not approved while it has faults: {faults}; nothing was changed")]
    PlanFaulty {
        /// The plan.
        plan: String,
        /// Its faults, in words.
        faults: String,
    },
    /// A draft that was not tried as it stands.
    #[error("W-323 plan {0} was not tried on a past winter as it stands; nothing was changed")]
    PlanNotTried(String),
    /// A step that the record's state does not allow.
    #[error("W-324 a plan that is {state} does not take {step}; nothing was changed")]
    PlanState {
        /// Where it stands.
        state: &'static str,
        /// What was asked.
        step: &'static str,
    },
    /// A last day that cannot be.
    #[error("W-325 a plan ends today or later, not before it took effect; nothing was changed")]
    PlanEnd,
    /// A plan beside another of the same area.
    #[error(
        "W-327 plans {older} and {newer} would be in force at once from {day}: end the older one before; nothing was changed"
    )]
    PlanOverlap {
        /// The one in force.
        older: String,
        /// The one to be approved.
        newer: String,
        /// From when on.
        day: String,
    },
    /// A text that names another plan.
    #[error("W-326 the text names the plan {found:?}, this is {expected:?}; nothing was changed")]
    PlanIdChanged {
        /// What the record is of.
        expected: String,
        /// What the text says.
        found: String,
    },
    /// A document that was not issued.
    #[error("W-501 the warning has no document number {0}; nothing was written")]
    NotIssued(usize),
    /// A sender that does not fit the identifier of GB/T 35965.1.
    #[error(
        "W-502 the sender needs a sector of three digits, a unit of three, an extension of two and an id without spaces, commas or markup; nothing was written"
    )]
    BadSender,
    /// Changing or lifting what holds no longer.
    #[error("W-409 the warning was {0} meanwhile; nothing was changed")]
    AlreadyOver(&'static str),
}

/// What departs from the rule, so that a reason is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// A level above what the plan and the prompt ask for.
    AboveProposed,
    /// Less time before the start than the plan asks for, without late detection.
    ShortLead,
    /// A lift while the condition is as likely as not to be met again.
    LiftAgainLikely,
    /// A prompted area without all of its cities that were forecast.
    LinkedCityLeftOut,
    /// A mistaken issue.
    Withdrawal,
}

impl std::fmt::Display for Departure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Departure::AboveProposed => "the level is above what the plan proposes",
            Departure::ShortLead => "the start is nearer than the plan's lead time and nothing was detected late",
            Departure::LiftAgainLikely => "the level's condition is likely to be met again within the lift span",
            Departure::LinkedCityLeftOut => "a city of the prompted area is left out",
            Departure::Withdrawal => "a withdrawal declares the issue a mistake",
        })
    }
}
