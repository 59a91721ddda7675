use crate::ServerError;
use axum::extract::{FromRequest, FromRequestParts};

/// A query whose faults are told as a problem.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ServerError))]
pub(crate) struct Query<T>(pub T);

/// A path whose faults are told as a problem.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(ServerError))]
pub(crate) struct Path<T>(pub T);

/// A JSON body whose faults are told as a problem.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(ServerError))]
pub(crate) struct Body<T>(pub T);
