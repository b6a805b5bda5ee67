//! The agent on async-std, which is discontinued; it is here because earlier reports compared it.

use bindery_agents::{args::Args, client::Httparse, net::of_async_std::Runtime, serve::serve};

fn main() {
    let client = Httparse::<Runtime>::new(Args::of_process());
    async_std::task::block_on(serve::<Runtime>("async-std", client));
}
