"""The reasons for doubt of a dataset: what each flag of a run means, and the strongest evidence that a run gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from harness.validity.audit.instrument import RUN_FLAGS
from harness.validity.flags import MEANINGS, Flag

from ..meaning.required_rows import pages_of_datasets
from ..meaning.tables import text_of
from ..reader.dataset import USABLE, Sealed
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.visible_text import plain

TABLE = "table-flags"
LATER = (Flag.STALL, Flag.BURSTS, Flag.RELOAD)
"""The flags that have a row where a run has them."""
ALWAYS = tuple(flag for flag in RUN_FLAGS if flag not in LATER)
"""Those that have one whether or not a run has them; the others are of whole datasets."""
NOT_JUDGED, NONE = "not judged: no calibration", "—"
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
Evidence = Mapping[str, Mapping[str, str]]
"""By flag and run."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page of a dataset that has the table."""
    for page, own in pages_of_datasets(site):
        shown = [[text_of(cell) for cell in row] for row in page.body.xpath(f".//table[@id='{TABLE}']/tbody/tr")]
        if shown:
            yield from (Examined(page.name, problem and f"{TABLE}: {problem}") for problem in _rows(shown, own))


def _rows(shown: Sequence[Sequence[str]], own: Sealed) -> Iterator[str | None]:
    found = _evidence(own)
    named = {_words(flag): flag for flag in MEANINGS}
    said = [row[0] for row in shown]
    right = [_words(flag) for flag in MEANINGS if flag in ALWAYS or (flag in LATER and flag.value in found)]
    yield None if sorted(said) == sorted(right) else f"its flags are {', '.join(said)}, not {', '.join(right)}"
    for name, meaning, runs, strongest in shown:
        flag = named.get(name)
        if flag is None:
            continue
        yield None if plain(meaning) == plain(MEANINGS[flag]) else f"{name} is said to mean “{meaning}”"
        evidence = _strongest(found.get(flag.value, {}))
        yield (
            None if plain(strongest) == plain(evidence) else f"{name} has the evidence “{strongest}”, not “{evidence}”"
        )
        unjudged = flag is Flag.CLIENT_BOUND and own.manifest["calibration"] is None and flag.value not in found
        yield None if (runs == NOT_JUDGED) is unjudged else f"{name} is said to have {runs}"


def _words(flag: Flag) -> str:
    return flag.value.replace("_", " ")


def _evidence(own: Sealed) -> Evidence:
    """What usable runs give."""
    found: dict[str, dict[str, str]] = {}
    columns = (own.runs[name].to_pylist() for name in ("run_id", "outcome", "flags"))
    for run, outcome, flags in zip(*columns, strict=True):
        for flag, said in json.loads(flags or "{}").items() if outcome in USABLE else ():
            found.setdefault(flag, {})[run] = said
    return found


def _strongest(evidence: Mapping[str, str]) -> str:
    """That with the largest first number, which is what was found."""
    if not evidence:
        return NONE
    run = max(sorted(evidence), key=lambda name: _size(evidence[name]))
    return f"{evidence[run]} (run {run})"


def _size(said: str) -> float:
    number = NUMBER.search(said)
    return float(number[0]) if number else 0.0
