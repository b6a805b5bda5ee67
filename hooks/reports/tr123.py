"""TR123: does each finding hold on another machine?

A finding is a primary contrast that a study declared before it was recorded. Every host that has a dataset of the
study is asked it by itself; nothing is pooled over hosts. What a new host would give is predicted from three on.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..recipes.hosts.charts import first_screen, host_chart, is_near
from ..recipes.hosts.claims import claim_differences, claim_findings
from ..recipes.hosts.findings import Finding, findings
from ..recipes.hosts.hosts import has_one_session, host_table, hosts, of_one_kind
from ..recipes.hosts.tables import finding_table, matrix, spread_table
from ..recipes.report_builder import Draft
from ..text.naming import listed

STUDIES = ("tr108", "tr117", "tr118", "tr119", "tr120", "tr121")


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr123.md cites."""
    machines = hosts(draft)
    found = findings(machines, STUDIES)
    shared = [one for one in found if len(one.ratios) > 1]
    drawn = [one for one in shared if len(one.borne) > 1]
    near = [one for one in drawn if is_near(one)]
    host_table(draft, machines, "hosts", "What identifies each host")
    host_chart(draft, machines, first_screen(near), "hero", "Ratios on each host")
    host_chart(draft, machines, [one for one in drawn if one not in near], "far", "Ratios far from one")
    finding_table(draft, machines, found, "findings", "Every finding on every host")
    matrix(draft, machines, found, "matrix", "Where each finding holds")
    spread_table(draft, machines, found, "spreads", "How far sessions and hosts differ")
    claim_findings(draft, found)
    claim_differences(draft, shared, all_pairs=len(machines) == 2)
    kept = [f"finding-{one.name}" for one in found if one.everywhere]
    draft.headline(*kept, *draft.claims)
    somewhere = {
        state: [one for one in shared if state in {one.on(letter) for letter in one.borne} and not one.everywhere]
        for state in ("fails", "not settled")
    }
    draft.flag("fails_somewhere", "; ".join(one.words for one in somewhere["fails"]))
    draft.flag("not_settled_somewhere", _studies(somewhere["not settled"]))
    draft.flag("holds_everywhere", _studies(one for one in found if one.everywhere))
    draft.flag("one_host", "; ".join(one.words for one in found if len(one.borne) == 1))
    draft.flag("one_session", ", ".join(host.name for host in machines if has_one_session(host)))
    draft.flag("one_kind", of_one_kind(machines))
    draft.flag("two_hosts", len(machines) == 2)
    draft.flag("predicted", any(one.predicted for one in found))
    unsure = [one for one in found if one.everywhere and one.on_a_new_host != "holds"]
    draft.flag("open_on_a_new_host", _studies(unsure))
    draft.flag("not_predicted", "; ".join(one.words for one in unsure))
    bearing = {letter for one in found for letter in one.borne}
    draft.flag("no_interval", ", ".join(host.name for host in machines if host.letter not in bearing))
    draft.flag("not_asked", "; ".join(one.words for one in found if not one.ratios))


def _studies(found: Iterable[Finding]) -> str:
    """The studies of findings, each once."""
    named = dict.fromkeys(one.study.upper() for one in found)
    return listed(named) if named else ""
