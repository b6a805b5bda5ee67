"""Whether a server tells its own metrics."""

from __future__ import annotations

from ..backends.openai.address import headers
from ..backends.openai.metrics_page import metrics_url
from ..client.control import Control
from ..probes.server_metrics import known_quantities
from ..protocols import EngineFailed
from .findings import Finding, Level, Topic


async def metrics_findings(base: str) -> list[Finding]:
    """One finding where ``/metrics`` holds quantities that the probe knows."""
    control = Control(metrics_url(base), timeout_s=2.0, headers=dict(headers()))
    try:
        answer = await control.ask("GET", "")
    except EngineFailed:
        return []
    finally:
        await control.close()
    names = known_quantities(answer.text) if answer.is_success else ()
    if not names:
        return []
    return [Finding(Topic.METRICS, Level.FOUND, f"tells {len(names)} quantities of its own, polled while measuring")]
