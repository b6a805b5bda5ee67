//! The agent on tokio's scheduler of one thread, its tasks in a `LocalSet`.

use bindery_agents::{args::Args, client::Httparse, net::of_tokio::LocalSet, serve::serve};

fn main() -> std::io::Result<()> {
    let client = Httparse::<LocalSet>::new(Args::of_process());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, serve::<LocalSet>("tokio, LocalSet", client));
    Ok(())
}
