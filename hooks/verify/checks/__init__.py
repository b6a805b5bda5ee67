"""One check per file: each looks at a built site and says what it examined and what is wrong."""
