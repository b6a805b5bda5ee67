"""Names and keyboard access for the parts of Material's page that come without, and words where it has a number."""

from __future__ import annotations

REPAIRS = (
    ('data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"'),
    ("<pre><span></span><code>", '<pre><span></span><code tabindex="0">'),
    ('<a class="headerlink" href=', '<a class="headerlink" tabindex="-1" href='),
    ('class="md-header__button md-logo"', 'tabindex="-1" class="md-header__button md-logo"'),
    ("<h1>404 - Not found</h1>", "<h1>There is no such page</h1>"),
)


def accessible(page: str) -> str:
    """The page with a name for its search dialog, with code blocks that a keyboard can scroll, and without stops of the
    tab key at the addresses of headings and at the logo, beside which the tab *Home* leads to the same page."""
    for lacking, repaired in REPAIRS:
        page = page.replace(lacking, repaired)
    return page
