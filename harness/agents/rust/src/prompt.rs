//! How a prompt, a request and an answer are made, byte for byte as `harness/agents/python/prompt.py` makes them.

use serde_json::{Map, Value};

/// The prompt; the answer goes in last, so that nothing is put into what a model wrote.
pub fn filled(template: &str, summary: &str, answer: &str) -> String {
    template.replace("{summary}", summary).replace("{answer}", answer)
}

/// The JSON of a request: `body`, an object, and the prompt as its last field.
pub fn with_prompt(body: &str, prompt: &str) -> Vec<u8> {
    let open = body.strip_suffix('}').unwrap_or(body);
    format!("{open},\"prompt\":{}}}", Value::from(prompt)).into_bytes()
}

/// The text of a stream, SSE or NDJSON; `None` where its last record did not come.
pub fn answer_of(body: &[u8], content: &str, done: &str) -> Option<String> {
    let mut text = String::new();
    for record in records(body) {
        text.push_str(record.get(content).and_then(Value::as_str).unwrap_or(""));
        if record.get(done) == Some(&Value::Bool(true)) {
            return Some(text);
        }
    }
    None
}

/// The JSON objects of a stream, one a line; lines that hold none are passed over.
pub fn records(body: &[u8]) -> impl Iterator<Item = Map<String, Value>> {
    body.split(|byte| *byte == b'\n').filter_map(|line| {
        let line = line.strip_prefix(b"data:").unwrap_or(line);
        serde_json::from_slice(line).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{answer_of, filled, with_prompt};

    #[test]
    fn nothing_is_put_into_an_answer() {
        assert_eq!(filled("{summary}: {answer}", "s", "{summary}"), "s: {summary}");
    }

    #[test]
    fn a_prompt_is_the_last_field() {
        let body = String::from_utf8(with_prompt("{\"n\":1}", "a\"\n\u{1}é")).expect("text");
        assert_eq!(body, "{\"n\":1,\"prompt\":\"a\\\"\\n\\u0001é\"}");
    }

    #[test]
    fn an_answer_needs_its_last_record() {
        let some = b"data: {\"content\":\"a\"}\n\ndata: [1]\n: note\ndata: {\"content\":\"b\",\"stop\":false}\n\n";
        assert_eq!(answer_of(some, "content", "stop"), None);
        let whole = [&some[..], b"data: {\"content\":\"\",\"stop\":true}\n\n"].concat();
        assert_eq!(answer_of(&whole, "content", "stop"), Some("ab".to_owned()));
    }
}
