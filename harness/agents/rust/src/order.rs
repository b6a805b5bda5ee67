//! An order: one task, as `wire.Order` has it.

use serde_json::Value;

/// Nanoseconds allowed to connect, to the first bytes of the body, between bytes, and for a whole call.
#[derive(Debug)]
pub struct Deadlines {
    pub connect_ns: i64,
    first_byte_ns: i64,
    gap_ns: i64,
    total_ns: i64,
}

impl Deadlines {
    /// When a call must fail, and as what; `last` is when bytes of the body came last.
    pub fn next(&self, sent: i64, last: Option<i64>) -> (i64, &'static str) {
        let total = (sent + self.total_ns, "total_timeout");
        let next = match last {
            Some(at) => (at + self.gap_ns, "gap_timeout"),
            None => (sent + self.first_byte_ns, "first_byte_timeout"),
        };
        if next.0 < total.0 { next } else { total }
    }
}

/// One call: a prompt with places in it, and the JSON of the request without it.
#[derive(Debug)]
pub struct CallOrder {
    pub prompt: String,
    pub body: String,
}

#[derive(Debug)]
pub struct Order {
    pub task: i64,
    pub planned_ns: i64,
    pub corpus: String,
    pub host: String,
    pub port: u16,
    pub path: String,
    pub content: String,
    pub done: String,
    pub calls: Vec<CallOrder>,
    pub deadlines: Deadlines,
    pub live: bool,
}

impl Order {
    /// Reads a line; `None` where it is no order.
    pub fn read(line: &str) -> Option<Self> {
        let said: Value = serde_json::from_str(line).ok()?;
        let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let calls = said.get("calls")?.as_array()?.iter();
        Some(Self {
            task: said.get("task")?.as_i64()?,
            planned_ns: said.get("planned_ns")?.as_i64()?,
            corpus: text(&said, "corpus")?,
            host: text(&said, "host")?,
            port: u16::try_from(said.get("port")?.as_i64()?).ok()?,
            path: text(&said, "path")?,
            content: text(&said, "content")?,
            done: text(&said, "done")?,
            calls: calls
                .map(|call| Some(CallOrder { prompt: text(call, "prompt")?, body: text(call, "body")? }))
                .collect::<Option<_>>()?,
            deadlines: deadlines(said.get("deadlines")?)?,
            live: said.get("live")?.as_bool()?,
        })
    }
}

fn deadlines(said: &Value) -> Option<Deadlines> {
    #[allow(clippy::cast_possible_truncation)]
    let nanoseconds = |key: &str| Some((said.get(key)?.as_f64()? * 1e9) as i64);
    Some(Deadlines {
        connect_ns: nanoseconds("connect_s")?,
        first_byte_ns: nanoseconds("first_byte_s")?,
        gap_ns: nanoseconds("gap_s")?,
        total_ns: nanoseconds("total_s")?,
    })
}
