"""What differs between two files is told with its element, also where a parser sees no difference."""

from __future__ import annotations

import pytest

from hooks.verify.comparison.folders import differences

PAGE = """<!doctype html>
<html lang="en"><head><title>T</title></head><body><article>
<p id="a">One word</p>
<table id="t">
<tr><td class="x">cell</td></tr>
</table>
</article></body>
</html>
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<!doctype html>", "", "html, line 1: “” instead of “<!doctype html>”"),
        ('<p id="a">', '<P id="a">', "#a, line 3: "),
        ('class="x"', 'class="x" class="y"', "#t > tr > td, line 5: "),
        ("</table>", "</table></table>", "#t > tr > td, line 6: “</table></table>” instead of “</table>”"),
        ("</html>", "</html><script>x</script>", "line 8: “</html><script>x</script>” instead of “</html>”"),
        ("One word", "One w\u043erd", "#a: “One wоrd” instead of “One word” (U+043E for U+006F)"),
        ("One word", "One\u00a0word", "#a: “One\u00a0word” instead of “One word” (U+00A0 for U+0020)"),
        ("One word", "One wor\u200bd", "#a: “One wor\u200bd” instead of “One word” (U+200B for U+0064)"),
    ],
)
def test_the_element_and_both_texts_are_told(old: str, new: str, said: str) -> None:
    (found,) = differences("page.html", PAGE.replace(old, new).encode(), PAGE.encode())
    assert said in found
    assert not found.startswith("line ")


def test_a_difference_beyond_the_end_of_a_text_is_told() -> None:
    (found,) = differences("a.txt", "wordé".encode(), b"word")
    assert found == "line 1: “wordé” instead of “word” (U+00E9 for nothing)"
