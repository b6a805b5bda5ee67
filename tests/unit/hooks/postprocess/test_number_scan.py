from pathlib import Path

import pytest

from hooks.postprocess.number_scan import Declared, Place, scan_html, scan_spec
from hooks.postprocess.unbound_numbers import Source, locate, messages

VALUE = '<a href="#n-x"><data value="21.34">21.3 ms</data></a>'
LITERAL = '<span data-lit="setting">512</span>'


def loose(page: str) -> list[tuple[str, Place]]:
    return [(found.number, found.place) for found in scan_html(page, ["TR108"]).loose]


def test_bound_and_declared_numbers_are_counted() -> None:
    scan = scan_html(f"<p>It takes {VALUE} with {LITERAL} tokens; see TR108.</p>")
    assert scan.bound == 1
    assert scan.declared == (Declared("512", "setting"),)
    assert [found.number for found in scan.loose] == ["TR108"]
    assert scan_html(f"<p>It takes {VALUE}; see TR108.</p>", identifiers=["TR108"]).loose == ()
    assert scan.numbers == 2


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>about 21.3 ms</p>", ("21.3", Place.PROSE)),
        ("<p>1,234 tokens</p>", ("1,234", Place.PROSE)),
        ("<p>12 % more</p>", ("12", Place.PROSE)),
        ("<p>12% more</p>", ("12%", Place.PROSE)),
        ("<p>10² tokens</p>", ("10²", Place.PROSE)),
        ("<p>x² grows</p>", ("x²", Place.PROSE)),
        ("<p>½ of it</p>", ("½", Place.PROSE)),
        ("<p>٤٢ ms</p>", ("٤٢", Place.PROSE)),
        ("<p>४२ ms</p>", ("४२", Place.PROSE)),
        ("<p>４２ ms</p>", ("４２", Place.PROSE)),
        ("<p>𝟜𝟚 ms</p>", ("𝟜𝟚", Place.PROSE)),
        ("<p>一百 ms</p>", ("一百", Place.PROSE)),
        ("<p>① first</p>", ("①", Place.PROSE)),
        ("<p>Ⅷ</p>", ("Ⅷ", Place.PROSE)),
        ("<p>&#52;2 ms</p>", ("42", Place.PROSE)),
        ("<p>TR1080 is not TR108</p>", ("TR1080", Place.PROSE)),
        ("<p>at TR108.5 say</p>", ("TR108.5", Place.PROSE)),
        (f"<p>4{VALUE}</p>", ("4", Place.PROSE)),
        (f"<p>{VALUE}7</p>", ("7", Place.PROSE)),
        ("<h2>The 3 settings</h2>", ("3", Place.HEADING)),
        ("<figure><figcaption>Over 5 runs</figcaption></figure>", ("5", Place.CAPTION)),
        ("<table><caption>Over 5 runs</caption></table>", ("5", Place.CAPTION)),
        ("<table><tr><td>42</td></tr></table>", ("42", Place.CELL)),
        ("<table><tr><th>p99</th></tr></table>", ("p99", Place.CELL)),
        ('<p><img alt="falls by 12"></p>', ("12", Place.ATTRIBUTE)),
        ('<p><abbr title="12 runs">n</abbr></p>', ("12", Place.ATTRIBUTE)),
        ('<p><button aria-label="42">x</button></p>', ("42", Place.ATTRIBUTE)),
        ("<p><code>1.52×</code></p>", ("1.52×", Place.CODE)),
        ("<p><code>21.3 ms</code></p>", ("21.3", Place.CODE)),
        ("<p><em>by <b>12</b></em></p>", ("12", Place.PROSE)),
        ('<p hidden style="display:none">12</p>', ("12", Place.PROSE)),
    ],
)  # fmt: skip
def test_a_typed_number_is_found(page: str, expected: tuple[str, Place]) -> None:
    assert loose(page) == [expected]


@pytest.mark.parametrize(
    "page",
    [
        "<p>twenty-one milliseconds, half of it</p>",
        "<p>Set <code>num_ctx=512</code> in <code>tr108/v1</code>.</p>",
        "<pre><code>reports value x-12345678\n42</code></pre>",
        "<script>var a = 42;</script><style>p { margin: 0 }</style>",
        '<p>Text<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>',
        '<p class="bv-coverage">214 of 214 numbers bound</p>',
        f'<figure><img alt="It takes 21.3 ms at 512 tokens">{VALUE} {LITERAL}</figure>',
        f'<div aria-label="21.3 ms"><table><tr><td>{VALUE}</td></tr></table></div>',
        f'<table><tr><th title="at 512">n</th><td>{LITERAL}</td></tr></table>',
        '<svg><g class="mark-text role-axis-label"><text>512</text></g></svg>',
        '<svg><g class="mark-text role-mark layer_3_marks"><text>int8</text></g></svg>',
        "<!-- 42 --><p>words</p>",
        "",
    ],
)
def test_what_is_no_typed_number_passes(page: str) -> None:
    assert loose(page) == []


def test_a_number_in_a_chart_outside_its_labels_is_found() -> None:
    page = '<svg><g class="mark-text role-title"><text>Over 5 runs</text></g></svg>'
    assert loose(page) == [("5", Place.CHART_TEXT)]


def test_alternative_text_may_only_repeat_its_own_figure() -> None:
    assert loose(f'<p>{VALUE}</p><img alt="21.3 ms">') == [("21.3", Place.ATTRIBUTE)]
    assert loose(f'<figure><img alt="21.3 ms, not 21.4 ms">{VALUE}</figure>') == [("21.4", Place.ATTRIBUTE)]


def test_of_a_whole_page_the_article_and_the_title_are_walked() -> None:
    page = (
        "<html><head><title>TR108 in 5 minutes</title><meta name='description' content='42 settings'></head>"
        f"<body><nav>Page 3</nav><article><p>{VALUE}</p></article><footer>Made in 2025</footer></body></html>"
    )
    scan = scan_html(page, identifiers=["TR108"])
    assert [(found.number, found.place) for found in scan.loose] == [("5", Place.FRONT), ("42", Place.FRONT)]
    assert scan.bound == 1


def test_chart_titles_hold_no_number_and_descriptions_repeat_the_figure() -> None:
    spec = {
        "title": {"text": "TTFT at 512 tokens", "subtitle": ["over 9 runs"]},
        "description": "512 tokens take 21.3 ms, not 22 ms",
        "data": {"values": [{"x": 42, "title": "7"}]},
        "encoding": {"x": {"field": "a", "axis": {"title": "first 3"}, "scale": {"domain": [0, 10]}}},
    }
    scan = scan_spec(spec, ["512", "21.3 ms"])
    assert [found.number for found in scan.loose] == ["512", "9", "3", "22"]


SOURCES = [
    Source("docs/reports/tr900.md", ("---", "title: x", "---", "We saw 21 ms once.", "It takes 21 ms on average.")),
    Source("hooks/reports/tr900.py", ('Column("21 ms")',)),
]


def test_the_message_names_file_line_text_and_remedy() -> None:
    scan = scan_html("<p>It takes 21 ms on average.</p>")
    (line,) = messages("reports/tr900", scan, SOURCES)
    assert line == (
        "docs/reports/tr900.md:5: “It takes 21 ms on average.”: no value stands behind 21 in prose; "
        'bind it, or declare it: lit("21", "setting")'
    )


def test_the_page_is_named_where_no_file_holds_the_text() -> None:
    scan = scan_html("<table><tr><td>42</td></tr></table>")
    assert locate(scan.loose[0], SOURCES) is None
    (line,) = messages("reports/tr900", scan, SOURCES)
    assert line.startswith("reports/tr900: “42”: no value stands behind 42 in table cell")


def test_a_source_is_named_relative_to_the_project(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("x\ny")
    assert Source.read(tmp_path / "docs" / "a.md", tmp_path) == Source("docs/a.md", ("x", "y"))


def test_a_character_that_nobody_could_see_is_no_number() -> None:
    assert loose("<p>a ⟨U+202E⟩ mark, ⟨U+1F3FF⟩</p>") == []
    assert loose("<p>⟨U+202E⟩42</p>") == [("42", Place.PROSE)]


def test_a_title_may_repeat_the_names_that_its_own_heading_declares() -> None:
    page = (
        "<html><head><title>model-{title}B - Site</title></head><body><article>"
        '<h1><span data-lit="identifier">model-8B</span></h1>{more}</article></body></html>'
    )
    assert loose(page.format(title=8, more="")) == []
    assert [number for number, _ in loose(page.format(title=9, more=""))] == ["model-9B"]
    elsewhere = page.replace("h1", "h2").format(title=8, more="")
    assert [place for _, place in loose(elsewhere)] == [Place.FRONT]


def test_a_heading_declares_the_cells_of_its_column() -> None:
    head = '<thead><tr><th>a</th><th data-cells="setting">b</th><th data-cells="identifier">c</th></tr></thead>'
    rows = (
        '<tr><td rowspan="2">x</td><td>1</td><td>2</td></tr><tr><td data-lit="date">2026</td><td></td></tr>'
        "<tr><td>3</td><td>4</td><td>5</td></tr>"
    )
    scan = scan_html(f"<table>{head}<tbody>{rows}</tbody></table>")
    declared = [(one.text, one.kind) for one in scan.declared]
    assert declared == [
        *(("1", "setting"), ("2", "identifier")),
        ("2026", "date"),
        *(("4", "setting"), ("5", "identifier")),
    ]
    assert [one.number for one in scan.loose] == ["3"]
