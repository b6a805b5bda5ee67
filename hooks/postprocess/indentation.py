"""Takes out the indentation of the theme's templates: a quarter of what it writes around an article."""

from __future__ import annotations

import re

_INDENTED = re.compile(r"\n\s+(?=<)")
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)


def without_indentation(page: str) -> str:
    """The page with tags at the beginning of their lines; its article, which may quote code, stays as it is."""
    found = _ARTICLE.search(page)
    if found is None:
        return page
    before, after = (_INDENTED.sub("\n", part) for part in (page[: found.start()], page[found.end() :]))
    return f"{before}{found[0]}{after}"
