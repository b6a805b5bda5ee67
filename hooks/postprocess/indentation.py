"""Takes out what the theme's templates write around an article and nobody sees: indentation, and hidden contents."""

from __future__ import annotations

import re

_INDENTED = re.compile(r"\n\s+")
_HIDDEN = re.compile(
    r'(<div class="md-sidebar md-sidebar--secondary"[^<>]* hidden>\s*<div[^<>]*>\s*<div[^<>]*>\s*)<nav.*?</nav>\s*'
    r"(?=</div>\s*</div>\s*</div>)",
    re.DOTALL,
)
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)


def without_indentation(page: str) -> str:
    """The page without space at the beginning of its lines; its article, which may quote code, stays as it is."""
    found = _ARTICLE.search(page)
    if found is None:
        return page
    before, after = (_INDENTED.sub("\n", part) for part in (page[: found.start()], page[found.end() :]))
    return f"{before}{found[0]}{after}"


def without_hidden_contents(page: str) -> str:
    """The page without the list of its contents in a column that it hides."""
    return _HIDDEN.sub(r"\1", page, count=1)
