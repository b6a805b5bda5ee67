"""How a recording was made: what must be known of two recordings before their numbers are compared.

All of it is recorded: the facts of the machine by probes, the rest by the harness. Prose has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from harness.datasets.manifest import Manifest, Scalar
from harness.outcomes import MISSING_SUFFIX

from ..content.blocks import Cell, Column, Lit, Table
from ..text.naming import fact_text, level_text

if TYPE_CHECKING:
    from .measurements import Measurements

NAME = "circumstances"
FACTS = {
    "host_id": "host",
    "cpu_model": "processor",
    "cores_logical": "logical processors",
    "cores_allowed": "processors that the recording may use",
    "memory_bytes": "memory",
    "gpu_name": "GPU",
}
KIND = ("cpu_model", "cores_logical", "gpu_name")
"""The facts in which two machines of one kind agree."""

Facts = Mapping[str, Scalar]
Words = tuple[Lit | str, ...]


def circumstances(data: Measurements) -> Table:
    """What may differ between two recordings of one study, each under the same name in every recording."""
    manifest = data.dataset.manifest
    rows: tuple[tuple[Cell, ...], ...] = (
        ("dataset", Lit(manifest.label, "identifier")),
        ("SHA-256 of its manifest", _short(data.dataset.digest)),
        ("recorded", Lit(manifest.created[:10], "date")),
        *_machine(manifest.environment),
        ("threads asked for", _asked(manifest, "threads")),
        ("threads, as the engine reports them", data.effective("threads")),
        ("profile", manifest.profile),
        ("narrowed to", _narrowed(manifest)),
        ("fingerprint of the study", _short(manifest.fingerprint)),
        ("code revision", _short(manifest.code.revision)),
        ("calibration", _short(manifest.calibration)),
    )
    return Table(NAME, "How it was recorded", (Column("circumstance"), Column("value", form="text")), rows)


def _machine(found: Facts) -> Iterator[tuple[Cell, ...]]:
    for name, words in FACTS.items():
        fact = found.get(name)
        reason = str(found.get(name + MISSING_SUFFIX) or "not_reported").replace("_", " ")
        yield words, f"— ({reason})" if fact is None else Lit(fact_text(name, fact), "identifier")


def _asked(manifest: Manifest, name: str) -> Cell:
    """The levels of a factor or the fixed setting, as the study declares them."""
    design: Any = manifest.design
    declared: dict[str, list[Any]] = {factor["name"]: factor["levels"] for factor in design["factors"]}
    fixed = dict(design.get("fixed", ()))
    levels = declared.get(name, [fixed[name]] if name in fixed else [])
    return Lit(", ".join(level_text(level) for level in levels), "setting") if levels else "the engine's own choice"


def _narrowed(manifest: Manifest) -> Cell:
    kept = [f"{name} {', '.join(level_text(level) for level in levels)}" for name, levels in manifest.only.items()]
    return Lit("; ".join(kept), "setting") if kept else "nothing: all cells of the profile"


def _short(digest: str | None) -> Cell:
    return Lit(f"{digest[:12]}…", "identifier") if digest else "not recorded"


def same_host(published: Facts, other: Facts) -> bool:
    """Whether both recordings are known to be of one machine."""
    return published.get("host_id") is not None and published.get("host_id") == other.get("host_id")


def relation(published: Facts, other: Facts) -> Words:
    """What the machine of the ``other`` recording is to that of the ``published`` one, by recorded facts alone."""
    return (_which(published, other), *_limit(published, other))


def _which(published: Facts, other: Facts) -> str:
    if same_host(published, other):
        return "the same machine"
    alike = published.get("cpu_model") is not None and all(published.get(name) == other.get(name) for name in KIND)
    if published.get("host_id") is None or other.get("host_id") is None:
        return "a machine of the same kind, perhaps the same one" if alike else "a machine that does not tell its host"
    return "another machine of the same kind" if alike else "another kind of machine"


def _limit(published: Facts, other: Facts) -> Words:
    allowed, had = other.get("cores_allowed"), other.get("cores_logical")
    if allowed is None or had is None or allowed == published.get("cores_allowed"):
        return ()
    if allowed == had:
        return (", with all of its ", Lit(str(had), "identifier"), " processors")
    return (", limited to ", Lit(str(allowed), "identifier"), " of its ", Lit(str(had), "identifier"), " processors")
