"""What the head of a page says: its title, what a link to it shows elsewhere, and where a reader finds the feed."""

from __future__ import annotations

import re

from ..text.escaping import escape_html

_HEAD = re.compile(r"</head>", re.IGNORECASE)


def titled(page: str, title: str, site_name: str) -> str:
    """The page with its ``title`` (text) escaped where a browser shows it.

    The theme takes the markup of the first heading away, and with it what was escaped.
    """
    return page.replace(
        f"<title>{title} - {site_name}</title>", f"<title>{escape_html(title)} - {site_name}</title>", 1
    )


def shared(page: str, *, site: str, up: str, title: str, address: str, card: str) -> str:
    """The page with a link to the feed and, where it has a card, with what a shared link shows.

    ``site`` is the absolute address of the site's root, ``up`` the way there from the page, ``address`` and
    ``card`` are paths in the site.
    """
    elements = [f'<link rel="alternate feed" type="application/atom+xml" title="New editions" href="{up}feed.xml">']
    if card:
        properties = {
            "og:type": "article",
            "og:title": title,
            "og:url": site + address,
            "og:image": site + card,
            "twitter:card": "summary_large_image",
        }
        elements += [f'<meta property="{name}" content="{escape_html(text)}">' for name, text in properties.items()]
    return _HEAD.sub("".join(elements) + "</head>", page, count=1)
