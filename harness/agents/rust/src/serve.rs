//! A process that takes orders and works on each as it comes.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::client::Client;
use crate::clock::now;
use crate::events::{Events, write};
use crate::net::Net;
use crate::order::Order;
use crate::prompt::{answer_of, filled, with_prompt};
use crate::summary::{read_files, summarise};

const SPIN_NS: i64 = 2_000_000;

/// Says that it is ready, then takes an order a line until standard input ends, which ends the process.
pub async fn serve<N: Net>(runtime: &str, client: impl Client) {
    let (sender, orders) = async_channel::unbounded();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            match line.ok().as_deref().and_then(Order::read) {
                Some(order) => drop(sender.try_send(order)),
                None => {
                    eprintln!("error: an order that cannot be read");
                    std::process::exit(2);
                }
            }
        }
        std::process::exit(0);
    });
    let ready = json!({"event": "started", "at": now(), "runtime": runtime, "client": client.name()});
    write(format!("{ready}\n").as_bytes());
    let client = Arc::new(client);
    while let Ok(order) = orders.recv().await {
        let client = Arc::clone(&client);
        N::spawn(async move { work::<N>(&order, &*client).await });
    }
}

/// One task, from its planned start to `finished`.
async fn work<N: Net>(order: &Order, client: &impl Client) {
    let mut events = Events::new(order.task, order.live);
    until::<N>(order.planned_ns).await;
    events.say("began", json!({}));
    let outcome = report(order, client, &mut events).await;
    events.finished(outcome);
}

/// Reads, then asks in turn; the answer of the last call, or what is in the way by name.
async fn report(order: &Order, client: &impl Client, events: &mut Events) -> Result<String, (&'static str, String)> {
    let changed = |detail| ("corpus_changed", detail);
    let files = read_files(Path::new(&order.corpus)).map_err(changed)?;
    for (name, data) in &files {
        events.say("ingested", json!({"file": name, "sha256": hex(data), "bytes": data.len()}));
    }
    let summary = summarise(&files).map_err(changed)?;
    events.flush();
    let mut text = String::new();
    for call in &order.calls {
        let prompt = filled(&call.prompt, &summary, &text);
        events.say("call_planned", json!({"sha256": hex(prompt.as_bytes())}));
        events.flush();
        let answer = client.ask(order, with_prompt(&call.body, &prompt), events).await;
        events.answered(&answer);
        if let Some(failure) = answer.failure {
            return Err((failure.code, failure.detail));
        }
        if answer.status != Some(200) {
            return Err(("http_status", format!("{}", answer.status.unwrap_or(0))));
        }
        text = answer_of(&answer.body(), &order.content, &order.done)
            .ok_or_else(|| ("closed_early", "the stream ended without its terminal record".to_owned()))?;
    }
    Ok(text)
}

fn hex(data: &[u8]) -> String {
    Sha256::digest(data).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns at a moment: sleeps, then yields through the last 2 ms, which timers miss.
async fn until<N: Net>(at: i64) {
    let early = at - now() - SPIN_NS;
    if let Ok(early @ 1..) = u64::try_from(early) {
        N::sleep(Duration::from_nanos(early)).await;
    }
    while now() < at {
        futures_lite::future::yield_now().await;
    }
}
