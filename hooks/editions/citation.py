"""What a title page says of an edition: the machine, how to cite it, how to record it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from harness.outcomes import MISSING_SUFFIX, Missing

from ..text.escaping import visible
from .edition import Edition
from .prose import Prose

_LATEX = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "\n": " ",
}


def hardware(environment: Mapping[str, object]) -> str:
    """The machine in a few words."""
    memory = environment.get("memory_bytes")
    parts = [_device(environment, "cpu_model", "processors") or "unknown processor"]
    parts += [f"{environment['cores_logical']} logical cores"] if environment.get("cores_logical") else []
    parts += [f"{memory / 2**30:.0f}\u00a0GiB"] if isinstance(memory, int) else []
    return ", ".join([*parts, _device(environment, "gpu_name", "GPUs") or "no GPU"])


def _device(environment: Mapping[str, object], fact: str, kind: str) -> str:
    """The name of a device; of machines whose devices differ, that they do; empty where there is none."""
    if environment.get(fact + MISSING_SUFFIX) == Missing.RECORDINGS_DIFFER:
        return f"{kind} that differ from session to session"
    return str(environment.get(fact) or "")


def bibtex(prose: Prose, edition: Edition) -> list[str]:
    """The citation of an edition, line by line."""
    study, _, version = edition.label.partition("/")
    fields = {
        "title": f"{study.upper()}: {prose.front.title}",
        "author": " and ".join(prose.front.authors),
        "institution": "Bindery",
        "year": edition.date[:4],
        "number": study.upper(),
        "type": f"Technical Report, {prose.front.edition} edition,",
        "note": f"Dataset {edition.label}, SHA-256 {edition.digest}",
    }
    lines = [f"  {name:<11} = {{{_latex(text)}}}," for name, text in fields.items()]
    return [f"@techreport{{bindery-{study}-{version},", *lines, "}"]


def _latex(text: str) -> str:
    """``text`` with every character that LaTeX takes for a command written out."""
    return "".join(_LATEX.get(character, character) for character in visible(text))


def command(edition: Edition) -> str:
    """The command that makes this recording again."""
    manifest = edition.manifest
    words = ["harness", "run", manifest.study, "--profile", manifest.profile]
    for name, levels in manifest.only.items():
        words += ["--only", f"{name}={','.join(map(str, levels))}"]
    return shlex.join([*words, "--seal"])
