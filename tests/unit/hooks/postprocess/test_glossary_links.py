"""A term leads to its definition where a page first uses it in running text, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.metrics import METRICS
from hooks.postprocess.glossary_links import with_terms
from hooks.text.terms import Term, Terms

ROOT = Path(__file__).parents[4]
TERMS = Terms(
    terms=(
        Term(id="ttft", name="time to first token", also=("TTFT",), text="…", metric="ttft"),
        Term(id="block", name="block", also=("blocks",), text="…"),
        Term(id="int8", name="int8", also=("dynamic int8",), text="…"),
    )
)


def linked(body: str, name: str = "reports/x.html") -> str:
    page = with_terms(f"<p>TTFT</p><article>{body}</article><p>TTFT</p>", TERMS, name)
    return page.removeprefix("<p>TTFT</p><article>").removesuffix("</article><p>TTFT</p>")


def link(term: str, text: str, up: str = "../") -> str:
    return f'<a class="b-term" href="{up}methodology/glossary.html#{term}">{text}</a>'


def test_the_first_use_of_each_term_is_a_link() -> None:
    made = linked("<p>The Time to first token. TTFT of blocks.</p><ul><li>One block</li></ul>")
    first, block = link("ttft", "Time to first token"), link("block", "blocks")
    assert made == f"<p>The {first}. TTFT of {block}.</p><ul><li>One block</li></ul>"
    assert linked("<p>TTFT</p>", "index.html") == f"<p>{link('ttft', 'TTFT', '')}</p>"


@pytest.mark.parametrize(
    "body",
    [
        "<h2>TTFT</h2>",
        "<p><code>TTFT</code></p>",
        '<p><a href="x>y.html" title="TTFT">TTFT</a></p>',
        "<pre>TTFT</pre>",
        "<p><!-- TTFT --><br>ttft.py, blocking, roadblock, block_size, TTFTs</p>",
        "<table><tr><td><p>TTFT</p></td></tr></table>",
        "<figure><p>TTFT</p></figure>",
        "<details><summary>TTFT</summary><p>TTFT</p></details>",
        '<p><span data-lit="identifier">TTFT of x</span></p>',
        '<p><span class="bc-state">TTFT</span></p>',
        "TTFT",
    ],
)
def test_other_places_stay_as_they_are(body: str) -> None:
    assert linked(body) == body


def test_a_section_that_folds_is_running_text() -> None:
    made = linked('<details class="b-fold"><summary><h2>TTFT</h2></summary><p>TTFT</p></details>')
    assert made.count("b-term") == 1


def test_a_declared_name_is_linked_as_a_whole() -> None:
    name = '<span data-lit="setting">int8</span>'
    assert linked(f"<p>With {name} or {name}.</p>") == f"<p>With {link('int8', name)} or {name}.</p>"


def test_a_longer_term_comes_before_a_shorter_one() -> None:
    assert linked("<p>dynamic int8</p>") == f"<p>{link('int8', 'dynamic int8')}</p>"


def test_elements_that_nobody_closes_do_no_harm() -> None:
    assert linked("<p>a<br>b</p></div></p><p>TTFT") == f"<p>a<br>b</p></div></p><p>{link('ttft', 'TTFT')}"


def test_every_term_of_the_project_is_told_apart() -> None:
    terms = Terms.read(ROOT / "docs").terms
    forms = [form.lower() for term in terms for form in term.forms()]
    assert len(forms) == len(set(forms))
    assert len({term.id for term in terms}) == len(terms) > 20
    for term in terms:
        assert not term.metric or term.metric in METRICS, term.id
        assert not re.search(r"\d", term.text), term.id


def test_a_wrong_file_says_where(tmp_path: Path) -> None:
    assert Terms.read(tmp_path).terms == ()
    (tmp_path / "glossary.yml").write_text("terms:\n  - id: x\n    nmae: y\n")
    with pytest.raises(UsageError, match=r"^glossary\.yml:2"):
        Terms.read(tmp_path)
