"""Where the runs of a design come from that another tool made."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ConfigDict, with_config


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Imported:
    """The file that was imported: which ``tool`` wrote it, in which ``version`` (null where the file does not say), in
    which ``format``, under which name, and its SHA-256 (hex) and size in bytes.

    A design with one is not one that Bindery planned or ran. Its runs stand in the order of the file.
    """

    tool: str
    version: str | None
    format: str
    file: str
    sha256: str
    bytes: int

    @property
    def words(self) -> str:
        """``imported from guidellm 0.8.1``."""
        return f"imported from {self.tool} {self.version or '(version not recorded)'}"
