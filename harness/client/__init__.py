"""The measured HTTP client: from bytes on a socket to stamped chunks."""
