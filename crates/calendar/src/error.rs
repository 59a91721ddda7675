use units::BeijingDay;

/// Why a question about workdays has no answer, or why a calendar file is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The State Council's notice for this year is not among the data.
    #[error("K-101 no working calendar for {year}; there are calendars for {known}; add its notice to data/calendars")]
    NoCalendar {
        /// The year asked for.
        year: i32,
        /// Years that are known.
        known: String,
    },
    /// The file is no calendar.
    #[error("K-201 not a working calendar: {0}")]
    NotACalendar(String),
    /// A day of the file lies in another year.
    #[error("K-202 {day} does not lie in {year}")]
    OtherYear {
        /// The day.
        day: BeijingDay,
        /// The year of the file.
        year: i32,
    },
    /// A make-up workday that is no Saturday or Sunday.
    #[error("K-203 make-up workday {0} is no Saturday or Sunday")]
    NotAWeekend(BeijingDay),
    /// A day that is named twice.
    #[error("K-204 {0} is named twice")]
    NamedTwice(BeijingDay),
    /// A festival that ends before it begins.
    #[error("K-205 {name} ends on {to}, before it begins on {from}")]
    EndsEarly {
        /// The festival.
        name: String,
        /// First day off.
        from: BeijingDay,
        /// Last day off.
        to: BeijingDay,
    },
    /// A festival whose notice the file does not list.
    #[error("K-206 {festival} names the notice {notice:?}, which the file does not list")]
    UnknownNotice {
        /// The festival.
        festival: String,
        /// The notice it names.
        notice: String,
    },
    /// Two files for one year.
    #[error("K-207 two calendars for {0}")]
    TwoCalendars(i32),
}
