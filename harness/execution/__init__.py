"""The parent's side of a recording: which runs, in which order, in which process."""
