"""What differs between two pages: the element by its CSS path, and what stands there in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from lxml import etree
from lxml import html as parser

from .text_differences import both, limited, line_differences, text_differences

MOST_CHILDREN = 3000
"""More are not aligned: where the numbers are equal, each is set against the one in its place."""
ONLY = ("article", "head")


def html_differences(found: bytes, expected: bytes) -> Iterator[str]:
    """Every element that differs; every changed line with the element that it is in where the trees say the same, and
    alone where one is no tree."""
    try:
        one, other = (parser.document_fromstring(data.decode(errors="backslashreplace")) for data in (found, expected))
    except (etree.LxmlError, ValueError):
        yield from text_differences(found, expected)
        return
    problems = limited(_elements(one, other))
    first = next(problems, None)
    if first is None:
        yield from limited(_placed(line_differences(found, expected), one))
        return
    yield first
    yield from problems


def _placed(lines: Iterator[tuple[int, str]], root: Any) -> Iterator[str]:
    """Changed lines, each with the last element that begins in it or before it."""
    begun = [(element.sourceline or 0, element) for element in root.iter(etree.Element)]
    for line, what in lines:
        near = next((element for at, element in reversed(begun) if at <= line), root)
        yield f"{path(near)}, line {what}"


def _elements(one: Any, other: Any) -> Iterator[str]:
    """The differences of two elements of one kind, and of all that they hold."""
    for name in sorted({*one.attrib, *other.attrib}):
        values = [[element.attrib[name]] if name in element.attrib else [] for element in (one, other)]
        if values[0] != values[1]:
            yield f"{path(other)}, its {name}: {both(*values)}"
    if (one.text or "") != (other.text or ""):
        yield f"{path(other)}: {_texts(one.text, other.text)}"
    for left, right in _pairs(list(one), list(other)):
        yield from _children(left, right, other)


def _children(left: Any, right: Any, parent: Any) -> Iterator[str]:
    if left is not None and right is not None and left.tag == right.tag:
        yield from _elements(left, right)
        if (left.tail or "") != (right.tail or ""):
            yield f"{path(parent)}, after {_name(right)}: {_texts(left.tail, right.tail)}"
        return
    said = ([_whole(element)] if element is not None else [] for element in (left, right))
    yield f"{path(parent)}: {both(*said)}"


def _texts(found: str | None, expected: str | None) -> str:
    """Both texts with single spaces, unless they differ in nothing else."""
    pair = [[" ".join((text or "").split())] for text in (found, expected)]
    return both(*(pair if pair[0] != pair[1] else [[found or ""], [expected or ""]]))


def _pairs(one: Sequence[Any], other: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Children that stand for each other; ``None`` where one has no counterpart. Equal ones are left out."""
    said, wanted = ([etree.tostring(child) for child in children] for children in (one, other))
    if max(len(one), len(other)) > MOST_CHILDREN and len(one) == len(other):
        changed = [(k, k + 1, k, k + 1) for k in range(len(one)) if said[k] != wanted[k]]
    else:
        codes = SequenceMatcher(a=said, b=wanted, autojunk=False).get_opcodes()
        changed = [(a, b, c, d) for kind, a, b, c, d in codes if kind != "equal"]
    for a, b, c, d in changed:
        yield from zip_longest(one[a:b], other[c:d])


def path(element: Any) -> str:
    """The shortest CSS path that begins at the nearest element with an id, or of which a page has only one."""
    steps: list[str] = []
    while element is not None:
        steps.insert(0, _name(element) if element.get("id") else _step(element))
        if element.get("id") or element.tag in ONLY:
            break
        element = element.getparent()
    return " > ".join(steps)


def _name(element: Any) -> str:
    identity = element.get("id")
    return f"#{identity}" if identity else str(element.tag) if isinstance(element.tag, str) else "a comment"


def _step(element: Any) -> str:
    parent = element.getparent()
    alike = [child for child in parent if child.tag == element.tag] if parent is not None else [element]
    place = f":nth-of-type({alike.index(element) + 1})" if len(alike) > 1 else ""
    return f"{_name(element)}{place}"


def _whole(element: Any) -> str:
    """An element as its words, or as its markup where it has none."""
    words = " ".join(element.text_content().split()) if isinstance(element.tag, str) else ""
    return f"<{element.tag}> {words}" if words else str(etree.tostring(element, encoding="unicode", with_tail=False))
