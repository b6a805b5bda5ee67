"""Sentences that state a course, a frequency, a validity or a verdict in common words.

*Latency climbs*, *it often stalls*, *there were no errors*, *it holds for all models*, *the audit passed* and *it is
the right choice* are results as much as a comparison is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUANTITY = (
    r"(?:latency|throughput|speed|performance|memory|accuracy|quality|cost|time|energy|power|bandwidth|efficiency|tail"
    r"|overhead|bill|jitter)"
)
_HAPPENS = (
    r"(?:fails?|pays?|stalls?|wins?|loses?|crash(?:es)?|works?|helps?|drops?|misses|differs?|happens?|occurs?"
    r"|times? out|throttles?)"
)
_FAILURES = r"(?:errors?|failures?|stalls?|timeouts?|crash(?:es)?|outliers?|retries|problems?|issues?)"
_COURSE = (
    rf"{_QUANTITY} (?:\w+ly )?(?:grows|falls|drops|rises|climbs|shrinks|suffers|declines|degrades|explodes|plummets"
    rf"|soars"
    r"|stagnates)|(?:collaps|deteriorat|degenerat)(?:es?|ed|ing)|(?:excels?|shines?|struggles?|thrash(?:es)?|plateaus?)"
    r"|(?:cuts?|shrinks?|boosts?|enhances?|lowers?|slash(?:es)?|trims?|hurts?|degrades?|adds?|saves?|wastes?)"
    rf" (?:\w+ )?{_QUANTITY}|boosts?|(?:performs?|scales?|works?|behaves?) (?:\w+ )?(?:well|poorly|badly|nicely|fine)"
    r"|(?:does|do|did) not scale|correlates?|correlated|proportional to|independent of the|(?<!that\s)matter(?:s|ed)"
    r"|(?:has|have) (?:no|an|little|some|any) (?:\w+ )?(?:effect|influence|impact|bearing)"
)
_FREQUENCY = (
    rf"(?:often|rarely|seldom|usually|typically|sometimes|mostly|generally|frequently|occasionally|normally) {_HAPPENS}"
    rf"|tends? to|more often than not|{_FAILURES} (?:are|were|is|was) (?:\w+ )?(?:rare|frequent|common|absent|few)"
    rf"|{_FAILURES} (?:occur|occurred|abound|vanish)|no {_FAILURES} (?:occurred|happened|arose|appeared)"
    rf"|(?:was|were|are|is|had|has|saw) no {_FAILURES}|without {_FAILURES}|{_FAILURES}-free|bug-free|without a hitch"
    r"|unsurprisingly|surprisingly|as expected|naturally|evidently|plainly|needless to say"
)
_VALIDITY = (
    r"(?:holds?|applies|works?|pays) (?:true )?(?:on|for|in|across|to) (?:every|all|any|each|most)"
    r" (?:machines?|models?|gpus?|engines?|hosts?|cases?|prompts?|servers?)(?! that)|generali[sz]es?|universal(?:ly)?"
    r"|(?:applies|holds) (?:\w+ )?(?:elsewhere|everywhere|too)|(?:will|would) (?:\w+ )?(?:pay|gain|win|lose|stall"
    r"|scale|help)"
    r"|(?:results?|data|figures|measurements|findings|tests) (?:clearly )?(?:show|prove|suggest|indicate|imply)"
    r"|audits? (?:\w+ )?(?:pass(?:es|ed)|found nothing)|(?:recording|machine|host) (?:is|was) (?:\w+ )?(?:clean"
    r"|quiet|idle)"
    r"|bare[ -]metal|(?:was|were|been) (?:\w+ )?(?:reviewed|audited|certified)|an expert|experts|beyond chance"
    r"|not by chance"
    r"|chance is|intervals? (?:do|does) not overlap|(?:trend|choice|result|case|picture) is clear|clear trend"
)
_VERDICT = (
    r"dwarfs?|pales?|no match for|(?:is|are) king|reigns?|(?:has|have|holds?|gets?|takes?) (?:the"
    r"|an) (?:\w+ )?(?:edge|upper"
    r" hand|advantage|crown|lead)|at a disadvantage|sets? the pace|the way to go|right choice|we recommend|recommended"
    r"|preferred|no contest|(?<!that\s)tied?\b|neck-and-neck|(?:is|are) (?:\w+ly )?(?:a (?:tie|draw|wash|toss-up)|fine"
    r"|unusable|production-ready|broken|buggy|safe|unsafe|instant|immediate|decisive|irrelevant|exact|nil|zero|ideal"
    r"|superfluous|pointless|useless|worthless|worthwhile|worth it)"
)
_FOUND = re.compile(
    r"\b(?:"
    + "|".join((_COURSE, _FREQUENCY, _VALIDITY, _VERDICT)).replace("[ -]", r"[-\s]").replace(" ", r"\s+")
    + r")\b",
    re.IGNORECASE,
)
_BEFORE = 80
_ASKED = re.compile(r"\b(?:whether|how)\b[^.;:!?]*$", re.IGNORECASE)
"""*Whether it matters* and *how speed grows* state nothing."""


def tendencies(text: str) -> Iterator[tuple[int, str]]:
    """Each of them with its place in ``text``, but for what is asked."""
    return found_unless(_FOUND, _ASKED, text)


def found_unless(wanted: re.Pattern[str], before: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """What ``wanted`` matches, each with its place, but for what follows ``before`` in its sentence."""
    for found in wanted.finditer(text):
        if not before.search(text[max(0, found.start() - _BEFORE) : found.start()]):
            yield found.start(), found[0]
