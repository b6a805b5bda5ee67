"""What each command of ``harness`` does; one file per command."""
