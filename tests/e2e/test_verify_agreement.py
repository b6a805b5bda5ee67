"""What the pages and files of a site say of the same report, machine or version is held against each other.

Every tampering leaves all numbers as they were, and is tried against the one check that has to find it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from hooks.verify import verify
from tests.support.built_site import REPORT

PAGE = REPORT.as_posix()
FACTS, LISTS, VERSIONS, MACHINES = "facts of reports", "lists of reports", "versions", "machines"
NEWS, MAP, CODES, HEADS, NAMES = "feed", "map of the site", "codes on paper", "heads of pages", "names of pages"
DESIGNS, FLAGS, PROVENANCE, NEW, EDITIONS, EARLIER, MENUS = (
    "designs",
    "flags",
    "provenance",
    "news",
    "editions",
    "earlier figures",
    "menus",
)
FEED, SITEMAP = "feed.xml", "sitemap.xml"
HARDWARE, SUMMARY, LIST, SERIES, HOME = (
    "hardware.html",
    "summary.json",
    "reports/index.html",
    "series.html",
    "index.html",
)
CARD = r'(b-card".*?)'
SEALED = r'(<tr>\s*<td><span data-lit="identifier">tr108/v1</span></td>\s*)'


@pytest.fixture(scope="module")
def site(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built_site, tmp_path_factory.mktemp("agreement") / "site"))


@pytest.mark.parametrize(
    ("check", "page", "old", "new", "said"),
    [
        (FACTS, PAGE, r"edition: third", "edition: second", "its edition is “second, "),
        (FACTS, PAGE, r"(edition: third, )[a-z ]+", r"\1superseded", "superseded”, summary.json says “third, "),
        (FACTS, PAGE, r"Technical Report, third", "Technical Report, last", "its type is “Technical Report, last"),
        (FACTS, PAGE, r"\{TR108: Single", "{TR108: Triple", "its title is “TR108: Triple"),
        (FACTS, PAGE, r"(>year<.*?\{)20", r"\g<1>19", "its year is “19"),
        (FACTS, PAGE, r"bindery-tr108-v1", "bindery-tr108-v2", "its key is “bindery-tr108-v2”, the site says"),
        (
            FACTS,
            PAGE,
            r"(SHA-256 )[0-9a-f]{4}(?=[0-9a-f]{60}\})",
            r"\1abcd",
            "#citation: its note is “Dataset tr108/v1, SHA-256 abcd",
        ),
        (FACTS, PAGE, r"(>url<.*?)tr108\.html", r"\1tr110.html", "its url is “"),
        (FACTS, SUMMARY, r'"edition":"third"', '"edition":"second"', "summary.json says “second, "),
        (FACTS, SUMMARY, r'"status":"(?!measured|derived)[a-z ]+","title"', '"status":"made up","title"', "made up"),
        (FACTS, SUMMARY, r'("title":")Single', r"\1Triple", "the site says “TR108: Triple-Inference"),
        (FACTS, SUMMARY, r'"headline":"?[a-z0-9-]+"?', '"headline":"none"', "is none of its claims"),
        (FACTS, SUMMARY, r'("hardware":")Synthetic', r"\1Faster", "tr108/v1 is said to be of “Faster CPU"),
        (FACTS, SUMMARY, r'"id":"tr108"', '"id":"tr109"', "its id is “tr109”, not “tr108”"),
        (FACTS, SUMMARY, r"reports/tr108/values", "reports/tr109/values", "its values is “reports/tr109/values.json”"),
        (FACTS, SUMMARY, r'"page":"reports/tr108.html"', '"page":"trust.html"', "it leaves out reports/tr108.html"),
        (LISTS, LIST, r"● [a-z ]+", "● retracted", "TR108: its status is “retracted”"),
        (LISTS, LIST, r"○ planned", "○ published", "its status is “published”, the site says “planned”"),
        (LISTS, LIST, r"(<summary>)Which", r"\1How", "TR108: its question is “How"),
        (LISTS, LIST, r"(</summary>)Single", r"\1Triple", "TR108: its title is “Triple-Inference"),
        (LISTS, LIST, r"Synthetic CPU", "Faster CPU", "TR108: its hardware is “Faster CPU"),
        (LISTS, LIST, r'(data-lit="date">)20', r"\g<1>30", "TR108: its day is “30"),
        (LISTS, SERIES, r"<td>planned", "<td>published", "the site says “planned”"),
        (LISTS, SERIES, r"(<strong>Status</strong>: )[a-z ]+,", r"\1retracted,", "its line is “Status: retracted"),
        (LISTS, SERIES, r"(<strong>Status</strong>[^\n]*, )quick", r"\1full", "full profile"),
        (LISTS, SERIES, r"<td>Single-", "<td>Triple-", "its title is “Single-Inference"),
        (LISTS, HOME, CARD + r"· Single", r"\1· Triple", "TR108: its title is “Triple-Inference"),
        (LISTS, HOME, CARD + r">Which settings", r"\1>How many settings", "TR108: its question is “How many"),
        (LISTS, HOME, r"(<h3[^>]*><a href=\")reports/tr108", r"\1reports/tr109", "of tr109; by their rule, of tr108"),
        (VERSIONS, PAGE, r"(>Why it was replaced<.*?>)20", r"\g<1>30", "tr108/v1: it says “30"),
        (VERSIONS, PAGE, r"(>Why it was replaced<.*?<td>)quick", r"\1full", "| full |"),
        (VERSIONS, PAGE, r"(>Why it was replaced<.*?<td>)current", r"\1another recording", "the data say “2026-"),
        (VERSIONS, PAGE, r"(>Why it was replaced<.*?<td>)—", r"\1a mistake", "| a mistake”"),
        (VERSIONS, SUMMARY, r'("sealed":")20', r"\g<1>30", "its version tr108/v1 has the sealed “30"),
        (VERSIONS, SUMMARY, r'"superseded_by":null', '"superseded_by":"tr108/v9"', "has the superseded_by “tr108/v9”"),
        (VERSIONS, SUMMARY, r'"reason":""', '"reason":"a mistake"', "has the reason “a mistake”"),
        (
            MACHINES,
            HARDWARE,
            r"— \(not reported\)",
            "— (no sensor)",
            "said to be “— (no sensor)”, its manifests say “—",
        ),
        (MACHINES, HARDWARE, r"(<th>kernel</th><td[^>]*>)", r"\g<1>9", "its kernel is said to be “9"),
        (MACHINES, HARDWARE, r"(<th>memory</th><td[^>]*>)", r"\g<1>9", "its memory is said to be “9"),
        (MACHINES, HARDWARE, r"<th>container</th>", "<th>vessel</th>", "its facts are processor, "),
        (MACHINES, HARDWARE, SEALED + r"<td>quick", r"\1<td>full", "a row is “tr108/v1 | full | 20"),
        (MACHINES, HARDWARE, SEALED + r'(.*?"date">)20', r"\1\g<2>30", "a row is “tr108/v1 | quick | 30"),
        (MACHINES, HARDWARE, SEALED + r"(.*?)TR108", r"\1\2TR109", "| TR109”, the data say “tr108/v1 | quick | 20"),
        (MACHINES, HARDWARE, SEALED + r".*?</tr>", "", "it leaves out tr108/v1"),
        (MACHINES, HARDWARE, r'(<h2 id="host-feed">Host <span[^>]*>)feed', r"\1beef", "headed “Host beef”, it is"),
        (MACHINES, HARDWARE, r'<h2 id="host-feed"', '<h2 id="host-beef"', "it leaves out the host feed"),
        (NEWS, FEED, r"<title>TR108: Single", "<title>TR108: Triple", "its title is “TR108: Triple-Inference"),
        (NEWS, FEED, r"<title>Bindery", "<title>Rust wins", "its head says “title: Rust wins"),
        (NEWS, FEED, r"<updated>20", "<updated>30", "it is of 30"),
        (NEWS, FEED, r"(<entry>.*?<updated>)20", r"\g<1>30", "its updated is “30"),
        (NEWS, FEED, r"(<id>tag:bindery,2026:tr108/v)1<", r"\g<1>9<", "it leaves out tr108/v1, “TR108: Single"),
        (
            NEWS,
            FEED,
            r'(<link href=")editions/tr108-v1',
            r"\1editions/tr108-v2",
            "editions/tr108-v2.html'}”, the site says",
        ),
        (NEWS, FEED, r'(<link href=")index.html', r"\1//example.org/", "link:  //example.org/"),
        (NEWS, FEED, r"<name>Bindery", "<name>Mallory", "author: Mallory"),
        (NEWS, FEED, r"<entry>.*?</entry>", "", "it leaves out tr108/2"),
        (NEWS, FEED, r"errata of 20", "errata of 30", "its title is “TR108: errata of 30"),
        (NEWS, FEED, r"(<entry>.*?</entry>)", r"\1\1", "times"),
        (NEWS, FEED, r"(<summary>)[^<\n]+\n", r"\1", "is left out"),
        (
            NEWS,
            FEED,
            r"(<summary>[^<\n]+\n)",
            r"\1It pays. (supported)\n",
            "“It pays. (supported)” is no claim of its report",
        ),
        (NEWS, FEED, r"<entry>", "<!-- Rust wins --><entry>", "it has a comment or an instruction"),
        (NEWS, FEED, r"\?>", '?><?xml-stylesheet href="//example.org/x.xsl"?>', "it has a comment or an instruction"),
        (NEWS, FEED, r"<entry>", "<entry><rights>Mallory</rights>", "has other parts than title, id"),
        (
            MAP,
            SITEMAP,
            r"reports/tr108\.html",
            "reports/tr999.html",
            "reports/tr999.html 1 times, the pages have it 0 times",
        ),
        (MAP, SITEMAP, r"(<loc>http://)[a-z.]+", r"\1example.org", "http://example.org/"),
        (MAP, SITEMAP, r"<url>.*?</url>", "", " 0 times, the pages have it 1 times"),
        (MAP, SITEMAP, r"(<lastmod>)20", r"\g<1>19", "one of its days is 19"),
        (MAP, SITEMAP, r"<url>", "<!-- --><url>", "it has other elements"),
        (MAP, SITEMAP, r"</urlset>\n?", "</urlset>\n\n", "it does not say what sitemap.xml says"),
        (CODES, PAGE, r'(b-paper"[^>]*>.*?d="M4 4.5h)7', r"\g<1>6", ".b-paper: its code is not that of http"),
        (
            CODES,
            PAGE,
            r'(b-paper" data-address="http://)[a-z.]+',
            r"\1example.org",
            "its address is said to be http://exa",
        ),
        (
            NAMES,
            "reports/tr108/values.json",
            r'"page":"tr108"',
            '"page":"tr109"',
            "its values.json is of the page “tr109”",
        ),
        (HEADS, PAGE, r'(rel="icon" href=")', r"\1//example.org/", "its icon are others than those of most pages"),
        (HEADS, PAGE, r'(rel="alternate[^>]*href=")', r"\1//example.org/", "its feed are others than those of"),
        (HEADS, "404.html", r"<h1", "<p>Rust wins.</p><h1", "it says “Rust wins."),
        (DESIGNS, PAGE, r"(<th>order</th><td[^>]*>)[^<]*", r"\1in a row", "a row says “order | in a row”"),
        (DESIGNS, PAGE, r"(<th>runs planned</th><td[^>]*>)", r"\g<1>9", "a row says “runs planned | 9"),
        (DESIGNS, PAGE, r"(<th>engine</th><td[^>]*>)[^<]*", r"\1vllm", "a row says “engine | vllm”"),
        (DESIGNS, PAGE, r"(<th>load</th><td[^>]*>)[^<]*", r"\1offline", "a row says “load | offline”"),
        (DESIGNS, PAGE, r"(table-factors.*?<th>threads</th><td[^>]*>)[^<]*", r"\1cores", "a row says “threads | cores"),
        (DESIGNS, PAGE, r"(table-factors.*?<tbody>).*?</tr>", r"\1", "table-factors: "),
        (DESIGNS, PAGE, r"(table-models.*?<tbody>\s*<tr><th[^>]*>)[^<]*", r"\1llama-70b", "a row says “llama-70b"),
        (
            DESIGNS,
            PAGE,
            r"(table-effective.*?<tr><th[^>]*>[^<]*</th><td[^>]*>)[^<]*",
            r"\1other",
            "table-effective: a row",
        ),
        (DESIGNS, PAGE, r"id=\"table-design\"", r"id=\"table-plan\"", "table-design: it has 0 rows"),
        (
            FLAGS,
            PAGE,
            r"(<th>loop lag</th><td[^>]*>)[^<]*",
            r"\1it was early",
            "loop lag is said to mean “it was early”",
        ),
        (FLAGS, PAGE, r"not judged: no calibration", "no error", "client bound is said to have no error"),
        (FLAGS, PAGE, r"<tr><th>throttling.*?</tr>", "", "its flags are clock resolution, "),
        (FLAGS, PAGE, r"(<th>throttling</th>.*?<td[^>]*>)—", r"\1it slept", "throttling has the evidence “it slept”"),
        (PROVENANCE, PAGE, r"(Code revision: <code>)[^<]*", r"\g<1>0000000", "does not say “Code revision: "),
        (PROVENANCE, PAGE, r"(manifest <code>)[0-9a-f]{4}", r"\1abcd", "does not say “SHA-256 of its manifest "),
        (PROVENANCE, PAGE, r"(Hardware: <span[^>]*>)", r"\1Fast ", "does not say “Hardware: "),
        (NEW, HOME, r"(What changed<.*?data-lit=\"date\">)20", r"\g<1>30", "is no last change of its page"),
        (NEW, HOME, r"(What changed<.*?</td>\s*<td>.*?</td>\s*<td>)", r"\1Rust. ", "“Rust. "),
        (NEW, HOME, r"(What changed<.*?<tbody>).*?</tr>", r"\1", "is left out"),
        (
            EDITIONS,
            "editions/tr108-v2.html",
            r"(<h1.*?)another recording\)",
            r"\1superseded edition)",
            "says “(superseded edition)”",
        ),
        (
            EDITIONS,
            "editions/tr108-v2.html",
            r"is no superseded",
            "is a superseded",
            "it does not begin with “Dataset tr108/v2 is no",
        ),
        (
            EDITIONS,
            "editions/tr108-v1.html",
            r"is the current one",
            "is an old one",
            "it does not begin with “Dataset tr108/v1 is the",
        ),
        (
            EDITIONS,
            "editions/tr108-v1.html",
            r"(is the current one; <a[^>]*)tr108",
            r"\1tr109",
            "it leads to reports/tr109",
        ),
        (MENUS, PAGE, r'aria-label="(Next|Previous): [^"]*"', r'aria-label="\1: The Proof"', "(The Proof)”"),
        (MENUS, PAGE, r'(md-tabs__link">\s*)Trust', r"\1Proof", "its menu calls trust.html “Proof”"),
        (
            MENUS,
            "trust.html",
            r'(href="#audit"[^>]*md-nav__link">\s*<span[^>]*>\s*)Audit',
            r"\1Proof",
            "its outline calls #audit",
        ),
        (
            "number rows",
            "reports/tr108/numbers.html",
            r'data-method="[^"]*"',
            'data-method="guess"',
            "has an interval by guess, it is by ",
        ),
        (
            "number rows",
            "reports/tr108/numbers.html",
            r"All claims and numbers<",
            "All proven claims<",
            "it is headed “TR108",
        ),
        ("labels", "label-audit.html", r">contradict it<", ">say it<", "its labels are headed dataset, "),
        ("number rows", "contradictions.html", r"</a> ÷ <a", "</a> × <a", "which lacks “÷”"),
        ("claims", "reports/tr108/numbers.html", r'data-lit="identifier">ratio<', ">sum<", "the row of the claim "),
        ("simulations", "methodology/coverage.html", r"<td>yes</td>", "<td>no</td>", "a row says 5 | normal"),
        ("simulations", "methodology/coverage.html", r"<td>heavy-tailed", "<td>normal", "a row says 5 | normal"),
        (
            "badges of audits",
            LIST,
            r'data-audit="[^"]*"([^>]*)>Audit [^<]*',
            r'data-audit="fine"\1>Audit fine',
            "“Audit fine",
        ),
        (
            EARLIER,
            PAGE,
            r"(<th>Published earlier<.*?<td>)(?:inconclusive|untestable here)<",
            r"\1replicated<",
            "replication.html has no “",
        ),
    ],
)
def test_what_is_said_twice_is_said_alike(site: Path, check: str, page: str, old: str, new: str, said: str) -> None:
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
    checks = [FACTS, LISTS, VERSIONS, MACHINES, NEWS, MAP, CODES, HEADS, NAMES, "unique ids"]
    checks += [DESIGNS, FLAGS, PROVENANCE, NEW, EDITIONS, EARLIER, MENUS]
    report = verify(site, only=[*checks, "dated inputs"])
    assert report.passed, "\n".join(report.lines())
    assert all(report.examined[check] for check in checks)
