//! The agent on smol.

use bindery_agents::{args::Args, client::Httparse, net::of_smol::Runtime, serve::serve};

fn main() {
    let client = Httparse::<Runtime>::new(Args::of_process());
    smol::block_on(serve::<Runtime>("smol", client));
}
