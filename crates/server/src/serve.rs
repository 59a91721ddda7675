use crate::{AppState, ServerError, Workers, notify, router};
use std::future::Future;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Serves until `shutdown` comes, then ends event streams, lets running requests and work finish, and returns.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let closing = state.clone();
    let stop = async move {
        shutdown.await;
        closing.newsroom().close();
    };
    let workers = Workers::start(&state);
    let post = tokio::spawn(notify::run(state.clone()));
    let office = state.clone();
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).await.map_err(ServerError::Serve);
    office.post_office().close();
    workers.stop().await;
    post.await.map_err(|error| ServerError::Broken(format!("the sending of notices broke off: {error}")))?;
    served
}
