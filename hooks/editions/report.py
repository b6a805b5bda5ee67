"""All that the page of a report is made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from harness.canonical_json import canonical_json
from harness.design import Study
from harness.errors import UsageError

from ..content.blocks import Content
from .edition import Edition
from .prose import Prose
from .shown_dataset import ShownDataset


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report's page is made of; ``key`` identifies its content. ``study`` is null where the front matter
    names the datasets. ``path`` (without its ending) is the page's own, where it is not the report's."""

    study: Study | None
    prose: Prose
    datasets: tuple[ShownDataset, ...]
    content: Content
    key: str = ""
    path: str = ""

    @property
    def id(self) -> str:
        return self.prose.report

    @property
    def page(self) -> str:
        """The path of its page without its ending."""
        return self.path or f"reports/{self.id}"

    @property
    def name(self) -> str:
        """The last part of ``page``."""
        return self.page.rpartition("/")[2]

    @property
    def rows_at(self) -> str:
        """The address, from its page, of the page that has the rows of its numbers."""
        return f"{self.name}/numbers.html"

    @property
    def title(self) -> str:
        return self.study.title if self.study else self.prose.front.title

    @property
    def question(self) -> str:
        """What its page asks: in words of its own, in those of its study, or by its description where neither asks."""
        front = self.prose.front
        return front.question or (self.study.question if self.study else front.description)

    @property
    def edition(self) -> Edition:
        """Its dataset. Raises ``UsageError`` for a report that names several."""
        if self.study is None:
            raise UsageError(f"{self.id} is a report over several datasets; ask for one of them by its name")
        return self.datasets[0].edition

    @property
    def editions(self) -> tuple[Edition, ...]:
        """Its datasets."""
        return tuple(dataset.edition for dataset in self.datasets)

    @property
    def label(self) -> str:
        """Its datasets in words, such as ``tr108/v3``."""
        return dataset_label(self.datasets)

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) that identifies its data."""
        return dataset_digest(self.datasets)

    @property
    def hardware(self) -> str:
        """Its machines in a few words, each once."""
        return "; ".join(dict.fromkeys(dataset.hardware for dataset in self.datasets))


def dataset_label(datasets: tuple[ShownDataset, ...]) -> str:
    """Datasets in words."""
    return ", ".join(dataset.edition.label for dataset in datasets)


def dataset_digest(datasets: tuple[ShownDataset, ...]) -> str:
    """The digest of the dataset, or that of the list of all digests in their order."""
    digests = [dataset.edition.digest for dataset in datasets]
    return digests[0] if len(digests) == 1 else hashlib.sha256(canonical_json(digests)).hexdigest()
