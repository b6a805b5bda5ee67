//! What an agent makes of the files that it has read, byte for byte as `harness/agents/python/summary.py` makes it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

const KINDS: [&str; 3] = ["csv", "json", "md"];
const FIRST_NAMES: usize = 3;
const MOST_COLUMNS: usize = 8;

/// A file: its name and its bytes.
pub type File = (String, Vec<u8>);

/// Each CSV, JSON and Markdown file of a folder, in the order of names.
pub fn read_files(folder: &Path) -> Result<Vec<File>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| error.to_string())?.file_name();
        let name = name.into_string().map_err(|_| "a name that is no text".to_owned())?;
        if name.rsplit_once('.').is_some_and(|(stem, kind)| !stem.is_empty() && KINDS.contains(&kind)) {
            names.push(name);
        }
    }
    names.sort();
    names
        .into_iter()
        .map(|name| match std::fs::read(folder.join(&name)) {
            Ok(data) => Ok((name, data)),
            Err(error) => Err(format!("{name}: {error}")),
        })
        .collect()
}

/// Counts by kind, first names, what the files hold, and the range of each numeric column.
pub fn summarise(files: &[File]) -> Result<String, String> {
    let mut of_kind: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (name, data) in files {
        let text = std::str::from_utf8(data).map_err(|_| format!("{name} is no text"))?;
        let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
        of_kind.entry(kind).or_default().push((name, text));
    }
    let texts = |kind: &str| of_kind.get(kind).map_or(&[][..], Vec::as_slice);
    let counts: Vec<String> = KINDS.iter().map(|kind| format!("{} {kind}", texts(kind).len())).collect();
    let mut lines = vec![format!("Files: {}.", counts.join(", "))];
    for kind in KINDS {
        let names: Vec<&str> = texts(kind).iter().take(FIRST_NAMES).map(|file| file.0).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        lines.push(format!("First {kind} files: {names}."));
    }
    let mut columns = BTreeMap::new();
    let (mut rows, mut fields) = (0, 0);
    for (name, text) in texts("csv") {
        rows += table(text, &mut columns).ok_or_else(|| format!("{name} is no table"))?;
    }
    for (name, text) in texts("json") {
        let object: Map<String, Value> = serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))?;
        fields += object.len();
    }
    let headings = texts("md").iter().flat_map(|(_, text)| text.split('\n')).filter(|line| line.starts_with('#'));
    lines.push(format!("They hold {rows} rows, {fields} fields and {} headings.", headings.count()));
    for (name, (low, high)) in columns.iter().take(MOST_COLUMNS) {
        lines.push(format!("Column {name}: {low} to {high}."));
    }
    Ok(lines.join("\n"))
}

type Columns<'a> = BTreeMap<&'a str, (&'a str, &'a str)>;

/// Widens the ranges of the columns by those of a table; the number of its rows.
fn table<'a>(text: &'a str, columns: &mut Columns<'a>) -> Option<usize> {
    let mut lines = text.split('\n').filter(|line| !line.is_empty());
    let names: Vec<&str> = lines.next()?.split(',').collect();
    let mut rows = 0;
    for line in lines {
        let row: Vec<&str> = line.split(',').collect();
        if row.len() != names.len() {
            return None;
        }
        rows += 1;
        for (name, value) in names.iter().copied().zip(row).filter(|(_, value)| is_number(value)) {
            let range = columns.entry(name).or_insert((value, value));
            if figure(value) < figure(range.0) {
                range.0 = value;
            }
            if figure(value) > figure(range.1) {
                range.1 = value;
            }
        }
    }
    Some(rows)
}

fn figure(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Digits, with a sign before and a fraction behind where there is one.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_number, summarise};

    #[test]
    fn numbers_are_plain() {
        assert!(["0", "-1", "12.5", "007"].into_iter().all(is_number));
        assert!(!["", "-", "1.", ".5", "1e3", "+1", "nan", "1.2.3", " 1"].into_iter().any(is_number));
    }

    #[test]
    fn ranges_are_the_texts_of_the_files() {
        let files =
            [("a.csv", "x,y\n1.50,q\n10,w\n"), ("b.csv", "x\n1.5\n010\n"), ("c.json", "{\"k\":1}"), ("d.md", "# h\n")];
        let files: Vec<_> = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into();
        let summary = summarise(&files).expect("sound");
        assert!(summary.ends_with("They hold 4 rows, 1 fields and 1 headings.\nColumn x: 1.50 to 10."), "{summary}");
    }

    #[test]
    fn what_is_no_table_or_object_is_refused() {
        for (name, text) in [("a.csv", "x,y\n1\n"), ("a.csv", ""), ("a.json", "[1]"), ("a.json", "{")] {
            assert!(summarise(&[(name.to_owned(), text.as_bytes().to_vec())]).is_err(), "{text}");
        }
    }
}
