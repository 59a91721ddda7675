use crate::{AppState, ServerError, router};
use std::future::Future;
use tokio::net::TcpListener;

/// Serves until `shutdown` comes, then ends event streams, lets running requests finish, and returns.
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
    axum::serve(listener, router(state)).with_graceful_shutdown(stop).await.map_err(ServerError::Serve)
}
