"""What other pages say of a report, and what a report says of itself beside its numbers, is read by the referee.

Every tampering leaves all numbers as they were, and is tried against the one check that has to find it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from hooks.verify import verify
from hooks.verify.checks.search_index import INDEX, SCRIPT
from tests.support.built_site import REPORT

PAGE = REPORT.as_posix()
BADGE = r'data-audit="([^"]+)" href="reports/tr108\.html#audit">Audit '


@pytest.fixture(scope="module")
def site(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built_site, tmp_path_factory.mktemp("pages") / "site"))


@pytest.mark.parametrize(
    ("check", "page", "old", "new", "said"),
    [
        ("quoted claims", "index.html", r'(class="bc" data-state=")supported', r"\1contradicted", "is marked as"),
        (
            "quoted claims",
            "index.html",
            r'(class="bc" data-state=")supported(.*?bc-state">)supported',
            r"\1contradicted\2contradicted",
            "which no report says",
        ),
        ("quoted claims", "index.html", " faster ", " slower ", "which no report says"),
        ("quoted claims", "index.html", r' <span class="bc-scope">.*?</span>', "", "which no report says"),
        ("quoted claims", PAGE, r'<span class="bc" ', '<span class="b" ', "stands in no claim"),
        (
            "badges of audits",
            "index.html",
            BADGE + r"[^<:&]+",
            r'data-audit="\1" href="reports/tr108.html#audit">Audit passed',
            "",
        ),
        ("badges of audits", "index.html", 'data-audit="[^"]+"', 'data-audit="unknown"', "is marked as unknown"),
        (
            "badges of audits",
            "trust.html",
            BADGE,
            r'data-audit="\1" href="reports/tr999.html#audit">Audit ',
            "no report",
        ),
        ("badges of audits", "trust.html", BADGE, r'data-audit="\1" href="reports/tr108.html#audit">Audit not ', ""),
        ("audit", PAGE, r'(b-audit-line.*?data-audit=")[^"]+', r"\1no", "its badge says"),
        ("first screens", PAGE, r"(<dt>Hardware</dt>.*?), ", r"\1, 64 times ", "its hardware is"),
        ("first screens", PAGE, r"quick profile", "full profile", "Dataset is said to be"),
        ("first screens", PAGE, r"(<dt>Recorded</dt>.*?>)20", r"\g<1>30", "Recorded is said to be"),
        ("first screens", PAGE, r"(<dt>Runs</dt>.*?)one session", r"\1many sessions", "Runs is said to be"),
        ("first screens", PAGE, r"(b-sure.*?</strong>) One", r"\1 No", "its data say"),
        ("first screens", PAGE, r"on one machine", "on many machines", "its data say"),
        ("first screens", PAGE, r'<p class="b-sure">', "<p>", "it does not say how sure it is"),
        ("first screens", PAGE, r"(<dt>Model</dt>.*?>)[A-Za-z][^<]+", r"\1Llama 3 8B", "Model is said to be"),
        ("cards of reports", "index.html", r'(b-card".*?b-note">.*?), quick', r"\1, 64 GPUs, quick", "a card says"),
        ("cards of reports", "index.html", r"quick profile", "full profile", "a card says"),
        ("cards of reports", "index.html", r'(b-card".*?data-lit="date">)20', r"\g<1>30", "a card says"),
        ("cards of reports", "index.html", r'(b-card".*?<a href=")reports/tr108', r"\1trust", "leads to no report"),
        ("cards of reports", "index.html", r'(b-live".*?b-note">.*?>)', r"\1Faster ", "its first claim is of"),
        ("search index", INDEX, r'("text":"<p>[^"]*?) of ', r"\1 without ", "its page does not say"),
        ("search index", INDEX, r'("title":"TR108[^"]{8})', r"\1 wins ", "has no title"),
        ("search index", INDEX, r'"location":"reports/tr108.html#', '"location":"reports/tr108.html#no-', "no place"),
        ("search index", SCRIPT, r'"text":"<p>', '"text":"<p>Rust wins. ', "it is not what"),
        ("search index", SCRIPT, r"^", "alert(1);", "it is not what"),
        (
            "cards of reports",
            "index.html",
            r'(b-card".*?b-kicker">.*?)TR108',
            r"\1TR110",
            "leads to reports/tr108.html",
        ),
        ("search index", INDEX, r"^", "[", "cannot be read"),
        (
            "search index",
            PAGE,
            r"</article>",
            "<p>Rust is first.</p></article>",
            "which the index of the search has not",
        ),
        ("search index", PAGE, r"</article>", '<div class="b-grid">Rust wins</div></article>', "the search has not"),
        ("search index", PAGE, r"(<p>[^<]{20,}?) ", r"\1 <strong>not</strong> ", ""),
        ("search index", "index.html", r"(<h2 id=[^>]*>)", r"\1Not ", "has no title"),
        ("heads of pages", PAGE, r"</head>", "<style>.b-limits{display:none}</style></head>", "has a style"),
        ("heads of pages", PAGE, r"</body>", "<script>document.title=1</script></body>", "its policy refuses"),
        (
            "heads of pages",
            PAGE,
            r"</body>",
            '<script src="//example.org/x.js"></script></body>',
            "its files of scripts",
        ),
        ("heads of pages", PAGE, r"<body ", '<body onload="alert(1)" ', "has a body that no page of ours has"),
        ("heads of pages", PAGE, r"script-src 'self'", "script-src 'self' 'unsafe-inline'", "from 'unsafe-inline'"),
        ("heads of pages", PAGE, r"default-src 'none'", "default-src *", "its policy takes default from"),
        ("heads of pages", PAGE, r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", "it has 0 policies"),
        ("heads of pages", PAGE, r'<link rel="stylesheet"[^>]*>', "", "its style sheets are others"),
        ("heads of pages", PAGE, r"<title>", "<title>Not ", "above it stands"),
        ("heads of pages", PAGE, r'(canonical" href="[^"]*)tr108', r"\1tr109", "its address is said to be"),
        ("heads of pages", PAGE, r'(og:title" content=")', r"\1Not ", "its card is titled"),
        ("heads of pages", PAGE, r'(og:image" content="[^"]*)\.png', r"\1x.png", "which is not here"),
        ("heads of pages", PAGE, r'(name="description" content=")', r"\1Rust. ", "its description are others"),
        (
            "heads of pages",
            "guides/reading.html",
            r'rel="next" href="[^"]*"',
            'rel="next" href="x.html"',
            "its next page",
        ),
        ("elements of drawings", PAGE, r"(<figure.*?)</svg>", r"\1<rect/></svg>", "more than one group"),
        ("better ends", PAGE, r"(<figure.*?>[^<]*)↑.better<", r"\1↓ better<", "one of its drawings does not say"),
        ("drawings", PAGE, r'(<figure.*?role-mark.*?<circle [^>]*fill="var\(--b-chart-)1', r"\g<1>5", "points"),
        ("words of status", PAGE, r'(id="table-outcomes".*?<th>)ok<', r"\1failed<", "they ended ok"),
        (
            "required rows",
            PAGE,
            r"(id=\"table-environment\".*?— )\(no sensor\)",
            r"\1(not reported)",
            "is said to be",
        ),
        ("required rows", PAGE, r"(<tr><th>cores logical</th><td[^>]*>)", r"\g<1>1", "cores logical is said to be"),
        ("hidden text", PAGE, r"<article ", "<article hidden ", "is marked hidden"),
        ("hidden text", PAGE, r'<p class="b-sure">', '<p class="b-sure" hidden>', "is marked hidden"),
        ("hidden text", PAGE, r'<span class="bc-text"', '<span style="color:transparent" class="bc-text"', "the style"),
        ("hidden text", PAGE, r"<data ", '<data aria-hidden="true" ', "is marked aria-hidden"),
        ("hidden text", PAGE, r'<p class="b-sure">', '<p class="b-sure" title="Rust wins">', "has the title"),
        ("hidden text", PAGE, r'<p class="b-sure">', '<p class="b-sure" aria-label="Rust">', "is heard as “Rust”"),
        ("hidden text", PAGE, r'(role="region" aria-label=")', r"\1No ", ""),
        ("charts", PAGE, r'(b-chart-view"[^>]* aria-label=")', r"\1No ", "is heard of it"),
        (
            "charts",
            PAGE,
            r" Smallest: ([^;]+); largest: ([^.]+)\. The",
            r" Smallest: \2; largest: \1. The",
            "is heard that",
        ),
    ],
)
def test_what_is_said_beside_numbers_is_read(site: Path, check: str, page: str, old: str, new: str, said: str) -> None:
    path = site / page
    before = path.read_text(encoding="utf-8")
    after = re.sub(old, new, before, count=1, flags=re.DOTALL)
    assert after != before
    path.write_text(after, encoding="utf-8")
    try:
        problems = [str(one.problem) for one in verify(site, only=[check]).mismatches]
    finally:
        path.write_text(before, encoding="utf-8")
    assert any(said in one for one in problems), problems


def test_the_site_itself_passes(site: Path) -> None:
    checks = [
        "quoted claims",
        "badges of audits",
        "audit",
        "first screens",
        "cards of reports",
        "search index",
        "heads of pages",
    ]
    report = verify(site, only=[*checks, "hidden text", "charts", "better ends"])
    assert report.passed, "\n".join(report.lines())
    assert all(report.examined.values())
