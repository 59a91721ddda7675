use crate::attachment::AttachmentOptions;
use crate::audit::Inspection;
use crate::auth::{Gatehouse, LoginOptions};
use crate::clock::Clock;
use crate::consult::Press;
use crate::events::Newsroom;
use crate::forecast::{AnalogBook, CardBook, ForecastOptions, ModelBook, PastBook, RunBook, VerificationBook};
use crate::notify::{NotifyOptions, PostOffice};
use crate::observe::MonthBook;
use crate::people::Copies;
use crate::warn::{CheckBook, WarnOptions};
use crate::{ClockMode, ServerError, assets};
use axum::http::HeaderValue;
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;
use units::{BeijingDay, BeijingHour, Instant};

/// How this server runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether the data is a demonstration, to be marked everywhere.
    pub demo: bool,
    /// Whose clock is followed.
    pub clock: ClockMode,
    /// Host names this server answers for beside `localhost` and addresses in digits.
    pub hosts: Vec<String>,
    /// The data folder, where a department's own boundaries lie in `geo/`.
    pub data_dir: Option<PathBuf>,
    /// How people log in.
    pub login: LoginOptions,
    /// Which files are taken in.
    pub attachments: AttachmentOptions,
    /// How notifications leave the house.
    pub notify: NotifyOptions,
    /// How forecast runs come to be.
    pub forecast: ForecastOptions,
    /// Who warnings come from.
    pub warnings: WarnOptions,
    /// Members of a forecast run.
    pub members: usize,
    /// Seed of training and issuing: the same seed, the same run.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            demo: false,
            clock: ClockMode::Live,
            hosts: Vec::new(),
            data_dir: None,
            login: LoginOptions::default(),
            attachments: AttachmentOptions::default(),
            notify: NotifyOptions::default(),
            forecast: ForecastOptions::default(),
            warnings: WarnOptions::default(),
            members: 50,
            seed: 20180113,
        }
    }
}

/// What all requests share; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    store: Store,
    options: Options,
    gatehouse: Gatehouse,
    clock: Clock,
    newsroom: Newsroom,
    post_office: PostOffice,
    runs: RunBook,
    past: PastBook,
    verifications: VerificationBook,
    cards: CardBook,
    models: ModelBook,
    analogs: AnalogBook,
    last_checks: CheckBook,
    months: MonthBook,
    copies: Copies,
    press: Press,
    inspection: Inspection,
    policy: HeaderValue,
}

impl AppState {
    /// Takes the open store; a replay clock goes on where it was left.
    pub async fn new(store: Store, options: Options) -> Result<AppState, ServerError> {
        let clock = Clock::resume(options.clock, &store).await?;
        let post_office = PostOffice::open(&options.notify)?;
        Ok(AppState(Arc::new(Shared {
            store,
            gatehouse: Gatehouse::new(),
            options,
            clock,
            newsroom: Newsroom::new(),
            post_office,
            runs: RunBook::default(),
            past: PastBook::default(),
            verifications: VerificationBook::default(),
            cards: CardBook::default(),
            models: ModelBook::default(),
            analogs: AnalogBook::default(),
            last_checks: CheckBook::default(),
            months: MonthBook::default(),
            copies: Copies::default(),
            press: Press::default(),
            inspection: Inspection::default(),
            policy: assets::policy(),
        })))
    }

    /// The hour shown: nothing observed after it is told by any answer.
    pub fn as_of(&self) -> BeijingHour {
        self.0.clock.as_of()
    }

    /// The day on the wall clock, whatever moment is shown.
    pub(crate) fn today(&self) -> BeijingDay {
        self.0.clock.today()
    }

    /// The moment shown: the replay clock, or now.
    pub(crate) fn shown(&self) -> Instant {
        self.0.clock.shown()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    pub(crate) fn gatehouse(&self) -> &Gatehouse {
        &self.0.gatehouse
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn newsroom(&self) -> &Newsroom {
        &self.0.newsroom
    }

    pub(crate) fn post_office(&self) -> &PostOffice {
        &self.0.post_office
    }

    pub(crate) fn runs(&self) -> &RunBook {
        &self.0.runs
    }

    pub(crate) fn past(&self) -> &PastBook {
        &self.0.past
    }

    pub(crate) fn verifications(&self) -> &VerificationBook {
        &self.0.verifications
    }

    pub(crate) fn cards(&self) -> &CardBook {
        &self.0.cards
    }

    pub(crate) fn models(&self) -> &ModelBook {
        &self.0.models
    }

    pub(crate) fn analogs(&self) -> &AnalogBook {
        &self.0.analogs
    }

    pub(crate) fn last_checks(&self) -> &CheckBook {
        &self.0.last_checks
    }

    pub(crate) fn months(&self) -> &MonthBook {
        &self.0.months
    }

    pub(crate) fn copies(&self) -> &Copies {
        &self.0.copies
    }

    pub(crate) fn press(&self) -> &Press {
        &self.0.press
    }

    pub(crate) fn inspection(&self) -> &Inspection {
        &self.0.inspection
    }

    pub(crate) fn policy(&self) -> &HeaderValue {
        &self.0.policy
    }
}
