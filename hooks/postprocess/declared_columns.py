"""Literals that a column declares: ``<th data-cells="setting">`` says of every cell below it that it is a setting."""

from __future__ import annotations

from lxml.html import HtmlElement


def declare_columns(tree: HtmlElement) -> None:
    """Says of each cell what the heading of its column says of all; an empty cell is no literal.

    A cell that spans rows keeps its column in each of them.
    """
    for table in tree.xpath("//table[thead/tr/th/@data-cells]"):
        kinds = [head.get("data-cells") for head in table.xpath("./thead/tr[1]/th")]
        taken: dict[int, int] = {}
        for row in table.xpath("./tbody/tr"):
            free = iter([place for place in range(len(kinds)) if not taken.get(place)])
            taken = {place: rows - 1 for place, rows in taken.items() if rows}
            for cell, place in zip(row.xpath("./th | ./td"), free, strict=False):
                taken[place] = int(cell.get("rowspan", "1")) - 1
                if kinds[place] and cell.text_content() and "data-lit" not in cell.attrib:
                    cell.set("data-lit", kinds[place])
