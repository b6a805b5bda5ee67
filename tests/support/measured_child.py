"""Runs `harness` with the given arguments and prints the largest resident memory of its child processes, in MB."""

from __future__ import annotations

import resource

from harness.cli import main

if __name__ == "__main__":
    try:
        main()
    finally:
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
