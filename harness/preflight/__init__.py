"""What a server that is already running accepts and sends, found out by a few requests before anything is recorded.

found = preflight("openai_http", model="", settings={"base_url": "http://127.0.0.1:8000/v1"})
for finding in found.findings: print(finding.topic, finding.level, finding.text)
"""

from __future__ import annotations

from .check import PREFLIGHTS, preflight, reachable
from .findings import Finding, Level, Preflight, Topic

__all__ = ["PREFLIGHTS", "Finding", "Level", "Preflight", "Topic", "preflight", "reachable"]
