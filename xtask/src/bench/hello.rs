//! The yardstick: a bare axum server with one route and eleven bytes to give.

use axum::Router;
use axum::routing::any;
use tokio::net::TcpListener;

use crate::house::Outcome;

/// Serves until it is killed.
pub(crate) fn hello() -> Outcome {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    runtime.block_on(serve()).map_err(|error| format!("the yardstick broke: {error}"))
}

async fn serve() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("ready http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().route("/", any(async || "hello world"))).await
}
