//! The agent on tokio's scheduler of several threads.

use bindery_agents::{args::Args, client::Httparse, net::of_tokio::MultiThread, serve::serve};

fn main() -> std::io::Result<()> {
    let client = Httparse::<MultiThread>::new(Args::of_process());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve::<MultiThread>("tokio, multi-thread", client));
    Ok(())
}
