"""The page that lies beside the files of a dataset: what they are, how to cite and how to prove them."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from ..terminal import plain
from .sealed_dataset import SealedDataset

_MARKDOWN = re.compile(r"[\\`*_{}\[\]#!|~<>&]|(?<=:)//|(?<=www)\.")


def readme(sealed: SealedDataset, pack: str, statement: str, tables: Sequence[str]) -> str:
    """Markdown. Every text of the dataset is escaped."""
    said = sealed.declared
    lines = [f"# {escaped(sealed.title)}", "", escaped(sealed.description), "", "## Citation", ""]
    lines += ["```bibtex", *sealed.citation, "```", ""]
    if said.licence:
        lines += ["## Licence", "", f"The project declares: {escaped(said.licence)}.", ""]
    lines += ["## Files", "", "| File | Holds |", "|---|---|"]
    lines += [f"| `{pack}` | the sealed dataset: Parquet tables and manifests, with the calibrations that it names |"]
    lines += [f"| `{name}` | {_about(name)} |" for name in tables]
    lines += [f"| `{statement}` | an in-toto Statement: the SHA-256 of every sealed file, and how they were made |"]
    lines += ["| `.zenodo.json` | the metadata of the deposit |", "", "## Proof", ""]
    lines += [f"The manifest of {sealed.label} has the SHA-256 `{sealed.dataset.digest}`."]
    lines += ["The manifest lists the hash of every table. Bindery proves each and opens the dataset:", ""]
    lines += ["```console", f"$ harness import {pack} --data imported"]
    study, version = sealed.label.split("/")
    lines += [f"$ harness show {study} {version} --data imported", "```", ""]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """``text`` as Markdown shows it, on one line, with nothing in it obeyed."""
    return _MARKDOWN.sub(lambda found: html.escape(found[0]) if found[0] in "<>&" else f"\\{found[0]}", plain(text))


def _about(name: str) -> str:
    return "what each column means, and its unit" if name == "columns.csv" else f"the table {name[:-4]}, all recordings"
