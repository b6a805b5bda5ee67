"""What a title page says of an edition: the machine, how to cite it, how to record it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from harness.design.scope import COMMAND
from harness.exports.bibtex import entry
from harness.outcomes import MISSING_SUFFIX, Missing

from ..text.escaping import visible
from ..text.naming import slug
from ..values.questions import Filters
from .edition import Edition
from .prose import Prose

SITE = "https://bindery.invalid/"
"""Stands for the address of the site, which is known when its pages are finished."""


def hardware(environment: Mapping[str, object]) -> str:
    """The machine in a few words."""
    memory = environment.get("memory_bytes")
    if not environment.keys() & {"cpu_model", "gpu_name"}:
        return "unknown machine"
    parts = [_device(environment, "cpu_model", "processors") or "unknown processor"]
    parts += [f"{environment['cores_logical']} logical cores"] if environment.get("cores_logical") else []
    parts += [f"{memory / 2**30:.0f}\u00a0GiB"] if isinstance(memory, int) else []
    return ", ".join([*parts, _device(environment, "gpu_name", "GPUs") or _no_gpu(environment)])


def _no_gpu(environment: Mapping[str, object]) -> str:
    unknown = environment.get("gpu_name" + MISSING_SUFFIX) == Missing.NOT_REPORTED
    return "GPU not recorded" if unknown else "no GPU"


def _device(environment: Mapping[str, object], fact: str, kind: str) -> str:
    """The name of a device; of machines whose devices differ, that they do; empty where there is none."""
    if environment.get(fact + MISSING_SUFFIX) == Missing.RECORDINGS_DIFFER:
        return f"{kind} that differ from session to session"
    return str(environment.get(fact) or "")


def bibtex(prose: Prose, editions: Sequence[Edition]) -> list[str]:
    """The citation of a report over these datasets, line by line."""
    report = prose.report
    datasets = "; ".join(f"{edition.label}, SHA-256 {edition.digest}" for edition in editions)
    last = max(edition.date for edition in editions)
    fields = {
        "title": f"{report.upper()}: {prose.front.title}",
        "author": " and ".join(prose.front.authors),
        "institution": "Bindery",
        "year": last[:4],
        "month": str(int(last[5:7])),
        "number": report.upper(),
        "type": f"Technical Report, {prose.front.edition} edition",
        "url": f"{SITE}reports/{report}.html",
        "note": f"{'Datasets' if len(editions) > 1 else 'Dataset'} {datasets}",
    }
    key = slug(prose.front.edition) if prose.front.datasets else editions[0].folder.name
    return entry("techreport", f"bindery-{report}-{key}", {name: visible(text) for name, text in fields.items()})


def command(edition: Edition, where: Filters = ()) -> str:
    """The command that makes this recording again, or those of its cells that ``where`` keeps.

    A level with a comma in it cannot be told apart from two levels: its factor is left whole.
    """
    manifest = edition.manifest
    if manifest.imported:
        return shlex.join(["harness", "import", manifest.imported.file, "--name", manifest.study])
    fixed = manifest.design.get("fixed")
    if isinstance(fixed, Mapping) and isinstance(typed := fixed.get(COMMAND), str):
        return typed
    words = ["harness", "run", manifest.study, "--profile", manifest.profile]
    for name, levels in {**manifest.only, **dict(where)}.items():
        texts = [str(level) for level in levels]
        if not any("," in text for text in texts):
            words += ["--only", f"{name}={','.join(texts)}"]
    return shlex.join([*words, "--seal"])
