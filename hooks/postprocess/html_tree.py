"""The tree of a finished page."""

from __future__ import annotations

from lxml import html
from lxml.etree import ElementDefaultClassLookup
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction

_PARSER = html.HTMLParser()
_PARSER.set_element_class_lookup(
    ElementDefaultClassLookup(HtmlElement, HtmlComment, HtmlProcessingInstruction, HtmlEntity)
)
"""All elements are of one class. To choose the class of each by its name, as lxml does, takes longer than to parse."""


def document(page: str) -> HtmlElement:
    """The tree of a whole page."""
    return html.document_fromstring(page, parser=_PARSER)


def tree_of(page: str) -> HtmlElement:
    """The tree of a page or of a piece of one."""
    return html.fromstring(page, parser=_PARSER)
