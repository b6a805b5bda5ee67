//! The agent in Rust, as `harness/agents/wire.py` asks for it: an order a line in, an event a line out.

pub mod answer;
pub mod args;
pub mod body;
pub mod client;
pub mod clock;
pub mod events;
pub mod net;
pub mod order;
pub mod prompt;
pub mod serve;
pub mod summary;
