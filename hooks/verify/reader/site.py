"""A built site as the verifier sees it: files, pages, and the sealed datasets that its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from ..once import Once
from .dataset import Sealed, sealed_datasets
from .document import Document, Documents
from .mismatches import Examined
from .page import Page, pages
from .plain_files import plain_files
from .samples import Samples, samples_of
from .values_json import StatedValue


class Site(Once):
    """The site below ``root``; datasets come from its own downloads and, where given, from a data root as well.

    ``expected`` is a list of sealed datasets that somebody kept elsewhere.
    """

    def __init__(self, root: Path, data: Path | None = None, expected: Path | None = None) -> None:
        super().__init__()
        self.root = root
        self.data = data
        self.expected = expected
        self._documents = Documents(root)

    @cached_property
    def _read(self) -> list[Page | Examined]:
        return list(pages(self.root, self._documents))

    @cached_property
    def _sealed(self) -> list[Sealed | Examined]:
        roots = [self.root] if self.data is None else [self.root, self.data]
        return [found for root in roots for found in sealed_datasets(root)]

    @cached_property
    def pages(self) -> list[Page]:
        """The pages whose statements can be read."""
        return [item for item in self._read if isinstance(item, Page)]

    @cached_property
    def documents(self) -> list[Document]:
        """Every page, handwritten ones included."""
        return list(map(self._documents.at, plain_files(self.root, "*.html")))

    def values(self) -> Iterator[tuple[Page, str, StatedValue]]:
        """Every value of every page, with its page and its id."""
        for page in self.pages:
            for key, value in page.stated.values.items():
                yield page, key, value

    @cached_property
    def datasets(self) -> dict[str, Sealed]:
        """The undamaged datasets by the SHA-256 of their manifest."""
        return {item.digest: item for item in self._sealed if isinstance(item, Sealed)}

    def samples(self, digest: str) -> Samples | None:
        """The runs of a dataset; ``None`` where the site does not have it, or only damaged."""
        found = self.datasets.get(digest)
        return None if found is None else self.once(("samples", digest), lambda: samples_of(found))

    def examined_pages(self) -> Iterator[Examined]:
        """Every page, with what makes it unreadable."""
        yield from (Examined(document.name, "it is no HTML") for document in self.documents if document.no_page)
        for item in self._read:
            yield Examined(item.name) if isinstance(item, Page) else item

    def examined_datasets(self) -> Iterator[Examined]:
        """Every dataset, with what is damaged."""
        for item in self._sealed:
            yield Examined(item.label) if isinstance(item, Sealed) else item
