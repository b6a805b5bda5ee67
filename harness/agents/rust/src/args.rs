//! The command line: `--read-bytes N` and `--parse after|each`.

/// How a client reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Args {
    /// Bytes of a read at most.
    pub read_bytes: usize,
    /// Whether records are parsed as they arrive.
    pub parse_each: bool,
}

const READ_BYTES: usize = 64 * 1024;

impl Args {
    /// Reads the words after the program's name; says what is wrong with them.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut found = Self { read_bytes: READ_BYTES, parse_each: false };
        let mut words = words.into_iter();
        while let Some(name) = words.next() {
            let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
            match (name.as_str(), value.as_str()) {
                ("--read-bytes", "0") => {}
                ("--read-bytes", size) => {
                    found.read_bytes = size.parse().map_err(|_| format!("{size} is no size"))?;
                }
                ("--parse", "after") => found.parse_each = false,
                ("--parse", "each") => found.parse_each = true,
                _ => return Err(format!("{name} {value} is unknown")),
            }
        }
        Ok(found)
    }

    /// The words of this process; ends it where they are wrong.
    pub fn of_process() -> Self {
        Self::parse(std::env::args().skip(1)).unwrap_or_else(|wrong| {
            eprintln!("error: {wrong}");
            std::process::exit(2)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn parse(line: &str) -> Result<Args, String> {
        Args::parse(line.split_whitespace().map(String::from))
    }

    #[test]
    fn sizes_and_parsing_are_read() {
        assert_eq!(parse("--read-bytes 1024 --parse each"), Ok(Args { read_bytes: 1024, parse_each: true }));
        assert_eq!(parse("--read-bytes 0"), Ok(Args { read_bytes: 64 * 1024, parse_each: false }));
    }

    #[test]
    fn what_is_unknown_is_refused() {
        for line in ["--read-bytes", "--read-bytes x", "--parse never", "--fast yes"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
