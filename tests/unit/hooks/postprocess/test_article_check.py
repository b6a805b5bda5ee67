"""An article holds what generated code and Markdown write, and nothing else; no script but the theme's is stated."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from hooks.postprocess.article_check import demand_article
from hooks.postprocess.content_security import THEME, policy, with_policy

PAGE = "<!doctype html><html><head></head><body><nav><script>menu()</script></nav><article>{}</article></body></html>"

WRONG = (
    "<script>x</script>", '<script type="application/json">{}</script>', "<iframe></iframe>", "<style>p{}</style>",
    "<p onclick=x>y</p>", "<b>x</b>", "<p style='position:fixed'>x</p>", "<td style='background:url(//h)'>x</td>",
    "<svg onload=x></svg>", "<svg><script>x</script></svg>", "<svg><foreignObject></foreignObject></svg>",
    "<svg><a xlink:href='javascript:x'>x</a></svg>", "<svg><animate onbegin=x></animate></svg>", "<math></math>",
    "<path d='M0 0'></path>", "<img src='data:image/svg+xml,x'>", "<img src='http://h/x.png'>", "<img src='//h/x.png'>",
    "<ol start=9000><li>x</li></ol>", "<ol><li value=9000>x</li></ol>", "<input value=9000>", "<input type=text>",
    "<a href='javascript:x'>x</a>", "<a href=' JaVaScRiPt:x'>x</a>", "<a href='data:text/html,x'>x</a>",
    "<form action=x></form>", "<object data=x></object>", "<embed src=x>", "<meta http-equiv=refresh>", "<del>x</del>",
    "<base href=x>", "<link rel=stylesheet href=x>", "<textarea>x</textarea>", "<video src=x></video>", "<!-- x -->",
    "<p contenteditable>x</p>", "<a href=x ping=y>x</a>", "<svg style='background:url(http://h)'></svg>",
)  # fmt: skip


@pytest.mark.parametrize("inside", WRONG)
def test_what_no_honest_page_has_is_refused(inside: str) -> None:
    if inside.startswith("<td"):
        inside = f"<table><tr>{inside}</tr></table>"
    with pytest.raises(UsageError, match=r"^guide\.md: .* has no place in an article"):
        demand_article(PAGE.format(inside), "guide.md")


def test_what_generated_code_writes_passes() -> None:
    demand_article(
        PAGE.format(
            '<h1 id="x">T<a class="headerlink" href="#x">¶</a></h1><p class="bc" data-claim="c">'
            '<data value="1.5" id="v-x">1.5</data></p><div class="b-table" tabindex="0"><table><thead><tr>'
            '<th scope="col" style="text-align: right;">x</th></tr></thead></table></div><svg viewBox="0 0 1 1" '
            'role="img"><title>t</title><g fill="none"><path d="M0 0" transform="scale(2)"></path></g></svg>'
            '<input type="radio" name="__tabbed_1" checked><label for="x">y</label><a href="../x/#y">z</a>'
        ),
        "page",
    )


def test_only_scripts_of_the_theme_are_stated() -> None:
    with pytest.raises(UsageError, match=r"an inline script that is not the theme's: 'menu\(\)'"):
        policy(PAGE.format(""))
    assert "'unsafe-inline'" in with_policy(PAGE.format(""), live=True)
    plain = (
        "<html><head></head><body><script src='x.js'></script><script type='application/json'>{}</script></body></html>"
    )
    assert "script-src 'self';" in policy(plain)
    assert all(len(known) == 44 for known in THEME)
