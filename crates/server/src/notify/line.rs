use crate::ServerError;
use notify::{Allowed, Call, Method, NotifyError, Reply, Settings, Verdict, judge};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// A gateway that has not answered by then is asked again later.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// More of an answer than this is not read.
const ANSWER_BYTES: usize = 4 * 1024;

/// The line to HTTP gateways: no redirects, no proxy, and no address that is forbidden.
pub(crate) struct Line(Client);

/// Names are checked when they are resolved for the very connection that is made, so that a name which pointed
/// outside when the channel was configured and points inside now (DNS rebinding) leads nowhere.
struct Watched(Arc<Allowed>);

impl Line {
    pub(crate) fn new(allowed: &Allowed) -> Result<Line, ServerError> {
        let client = Client::builder()
            .dns_resolver(Arc::new(Watched(Arc::new(allowed.clone()))))
            .redirect(Policy::none())
            .no_proxy()
            .timeout(ANSWER_WITHIN)
            .user_agent(concat!("qingkong/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(Line).map_err(|error| ServerError::Broken(format!("no HTTP client: {error}")))
    }

    /// Sends a request and reads the answer's meaning.
    pub(crate) async fn send(
        &self,
        allowed: &Allowed,
        settings: &Settings,
        call: Call,
    ) -> Result<Verdict, NotifyError> {
        // An address in digits never comes to the resolver.
        let url = allowed.permit_url(&call.url)?;
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let request = self.0.request(method, url).body(call.body);
        let request = call.headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        match request.send().await {
            Ok(response) => Ok(judge(settings, &read(response).await)),
            Err(error) => forbidden(&error).map_or_else(|| Ok(Verdict::Later(words(error))), Err),
        }
    }
}

async fn read(mut response: Response) -> Reply {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let mut body = Vec::new();
    // A body that breaks off is judged by what came: the status was there already.
    while let Ok(Some(part)) = response.chunk().await {
        body.extend_from_slice(&part);
        if body.len() >= ANSWER_BYTES {
            break;
        }
    }
    body.truncate(ANSWER_BYTES);
    Reply { status, retry_after, body: String::from_utf8_lossy(&body).into_owned() }
}

impl Resolve for Watched {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.0);
        Box::pin(async move {
            let found = permitted(&allowed, name.as_str(), 0).await.map_err(Box::new)?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// A host's addresses that may be connected to; refuses when there is none.
pub(crate) async fn permitted(allowed: &Allowed, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unreachable> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await.map_err(Unreachable::Unknown)?.collect();
    let refused = found.iter().find_map(|address| allowed.permit(host, address.ip()).err());
    let good: Vec<SocketAddr> = found.into_iter().filter(|at| allowed.permit(host, at.ip()).is_ok()).collect();
    match refused {
        Some(refused) if good.is_empty() => Err(Unreachable::Forbidden(refused)),
        _ => Ok(good),
    }
}

/// Why a host has no address for us.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreachable {
    #[error("the name cannot be resolved: {0}")]
    Unknown(std::io::Error),
    #[error(transparent)]
    Forbidden(NotifyError),
}

/// The resolver's refusal, wherever in the chain of causes it lies.
fn forbidden(error: &reqwest::Error) -> Option<NotifyError> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        match inner.downcast_ref::<Box<Unreachable>>().map(Box::as_ref).or_else(|| inner.downcast_ref()) {
            Some(Unreachable::Forbidden(refused)) => return Some(refused.clone()),
            _ => cause = inner.source(),
        }
    }
    None
}

/// The causes in words. The address is left out, because a robot's key is part of it.
fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// The name passed every check of its spelling and resolves to this machine, as a rebound one would.
    #[tokio::test]
    async fn a_name_that_resolves_inwards_leads_nowhere_unless_it_is_allowed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        let line = Line::new(&Allowed::default()).unwrap();
        let error = line.0.get(&url).send().await.unwrap_err();
        assert!(forbidden(&error).unwrap().to_string().starts_with("N-202"), "{error:?}");
        let line = Line::new(&Allowed::read(["127.0.0.1", "::1"]).unwrap()).unwrap();
        let (asked, _) = tokio::join!(line.0.get(&url).send(), listener.accept());
        assert!(forbidden(&asked.unwrap_err()).is_none(), "the connection was made and closed");
    }

    #[tokio::test]
    async fn an_error_never_tells_the_key_in_the_address() {
        let line = Line::new(&Allowed::read(["127.0.0.1"]).unwrap()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send?key=SECRET", listener.local_addr().unwrap());
        drop(listener);
        let said = words(line.0.get(url).send().await.unwrap_err());
        assert!(!said.is_empty() && !said.contains("SECRET"), "{said}");
    }
}
