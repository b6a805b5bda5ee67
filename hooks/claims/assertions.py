"""Sentences that state a result without comparing: judgement, place, equality, cause, certainty, outcome.

*The overhead is tiny*, *Rust comes out on top*, *accuracy is unaffected*, *the stall is due to the collector*, *it
never fails* and *all requests succeeded* say what only data could show, and no predicate stands behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUANTITY = (
    r"(?:gaps?|gains?|savings?|(?:dis)?advantages?|effects?|differences?|overheads?|costs?|prices?|latency|latencies"
    r"|throughput|speed|speed-?ups?|slow-?downs?|rates?|delays?|waits?|bandwidth|penalty|penalties|loss|losses"
    r"|accuracy|performance|jitter|stalls?|variance|spread|noise|bills?|benefits?|improvements?)"
)
_BE = r"(?:is|are|was|were|be|been|being|remains?|stays?|stayed|looks?|seems?|feels?|becomes?|gets?|runs?|proves?)"
_VERY = r"(?:(?:not|also|still|so|too|very|quite|rather|really|all|always|both|just|[a-z]+ly) ){0,2}"
_GRADE = (
    r"(?:fast|slow|quick|rapid|cheap|expensive|costly|tiny|huge|minimal|marginal|trivial|excellent|great|terrible"
    r"|perfect|competitive|affordable|responsive|superb|unaffordable|steep|inexpensive|ahead(?! by)|significant)"
)
_SIZE = r"(?:large|big|small|minor|major|modest|low|high|short|long|good|poor|bad|flat|constant|stable|reliable|real)"
_JUDGEMENT = (
    r"enormous(?:ly)?|tremendous(?:ly)?|gigantic|immense(?:ly)?|blazing(?:ly)?|minuscule|impressive(?:ly)?"
    r"|remarkabl[ey]|outstanding|superb(?:ly)?|stellar|abysmal|flawless(?:ly)?|imperceptibl[ey]|prohibitive(?:ly)?"
    r"|stunning(?:ly)?|dramatic|drastic|unbearabl[ey]|statistically significant|lossless(?:ly)?"
    rf"|(?<!whether\sit\s)(?<!if\sit\s){_BE} {_VERY}{_GRADE}(?!-)"
    rf"|(?:{_QUANTITY}|(?<!whether\s)(?<!if\s)(?:it|they|this|that)) {_BE} {_VERY}{_SIZE}(?! beside)"
    rf"|(?:large|big|small|tiny|huge|low|high|great|good|poor|modest|minor|major|short|long|heavy|hefty|steep"
    rf"|substantial|considerable|noticeable|measurable|real|clear|strong|significant|sizeable|minimal|marginal"
    rf"|massive|dramatic) (?:\w+ )?{_QUANTITY}"
)
_PLACE = (
    r"ahead of(?! time)|lags|lagged|lagging|(?:falls?|fell|far|left|way|well) behind|in the dust"
    r"|(?:cannot|could not|(?:do|does|did) not|(?:struggles?|fails?) to|easily) keep (?:up|pace)|edges? out"
    r"|eclips(?:es|ed|ing)|bests|bested|(?:out )?on top(?! of)"
    r"|(?:comes?|came|finish(?:es|ed)|ranks?|ranked) (?:first|second|last)|(?:first|top|last) place|number one"
    r"|second only|tops|topped|(?:comes?|came) (?:\w+ )?close|unequall?ed|unsurpassed|top[-\s]performing|front-?runner"
    r"|champions?|record-breaking|state[-\s]of[-\s]the[-\s]art|game-?changer|hands down|head and shoulders|runs? rings"
    r"|(?:no|nothing|none) (?:other )?(?:\w+ )?(?:matches|rivals|reaches)|unrivall?ed"
)
_EQUALITY = (
    r"equally \w+|(?:perform|behave|scale|run)s? (?:alike|identically|the same)"
    rf"|(?:identical|equal|similar)(?:ly)? (?:in|to|{_QUANTITY})|comparable (?:to|with|in|{_QUANTITY})|unaffected"
    rf"|unchanged|unharmed"
    r"|interchangeabl[ey]"
    r"|(?:no|without any|without|hardly any|little|zero) (?:\w+ )?(?:differences?|impact|influence|slow-?down"
    r"|loss|regression|degradation)(?! (?:that|was shown|found))"
    r"|all the difference|(?:is|are|was|were) (?:\w+ly )?(?:equivalent|identical|indistinguishable)(?! (?:or|from))"
    r"|(?:does|do|did) not (?:suffer|degrade|matter|pay)|costs? no \w+|makes? up for"
)
_CAUSE = (
    r"because|due to|owing to|thanks to|(?:is|are|was|were) caused"
    r"|(?:the|its|a) (?:\w+ )?(?:cause|culprit|explanation) (?:is(?! not)|was(?! not)|of|for)"
    r"|the (?:\w+ )?reason (?:is|was|for|why)|responsible for|explains? (?:the|this|that|why|its|most|all|half)"
    r"|(?:is|are|was|were) explained by|stems? from|results? (?:from|in)|attribut(?:ed|able) to|bottlenecks?"
    r"|(?:memory|compute|bandwidth|cpu|gpu|network|latency)[-\s](?:bound|limited)|bound by|(?:that|this|which) is why"
    r"|therefore|hence|as a result|consequently|a consequence of|driven by|limited by|saturat(?:es?|ed|ing)|to blame"
)
_CERTAINTY = (
    r"(?:always|never|invariably|reliably) (?:\w+ly )?(?:pays?|paid|fails?|failed|wins?|won|los(?:es?|t)|works?"
    r"|helps?|answers?|answered|stalls?|stalled|crash(?:es|ed)?|drops?|dropped|miss(?:es|ed)?|exceed(?:s|ed)?"
    r"|differ(?:s|ed)?|var(?:y|ies|ied)|throttles?|matters?|holds?|happens?|ends?|ended|needs?|waits?|takes?"
    r"|costs?|saves?|gains?)"
    r"|(?:pays?|fails?|wins?|works?|helps?) (?:always|everywhere|every time)|without exception|in (?:every|all) cases?"
    r"|every time|guarantee[sd]?|(?:is|are|was|been|we|have|has) (?:\w+ly )?prove[dn](?! by)|peer[-\s]review(?:ed)?"
    r"|certified|independently (?:\w+ed)|(?:confirm|reproduc|replicat|validat|refut|disprov)(?:s|es|ed)"
    r"|beyond (?:\w+ )?doubt|conclusive(?:ly)?|definitive(?:ly)?|contradicts?|pays? off"
    r"|(?:was|were|is|are) (?:\w+ly )?(?:wrong|mistaken|false|right|correct)"
)
_OF_ALL = (
    r"(?:no|all|every|each|most|many|few|some|several|hardly any|almost all|nearly all|none of"
    r"|(?:a|the) (?:\w+ )?majority of|not a single|two|three|half)"
)
_OUTCOME = (
    rf"{_OF_ALL} (?:of )?(?:the |its |their |these )?(?:\w+ ){{0,2}}?(?:runs?|requests?|answers?|calls?|tasks?"
    rf"|sessions?|engines?|arms?|agents?|prompts?|clients?|users?) (?:\w+ ){{0,2}}?(?:failed|fails?|succeed(?:s"
    rf"|ed)?|crash(?:es|ed)?|(?:was|were|is|are) (?:lost|dropped|refused|cut)|times? out|timed out|ended (?:well"
    rf"|ok)|pass(?:es|ed)?|stalls?|stalled|survived?|prefers?|wins?|won)"
    r"|(?:a|the) (?:\w+ )?majority|the bulk of|hardly any|next to (?:no|nothing)"
    r"|(?:almost|virtually|practically) (?:all|every|no|none|nothing)|nearly (?:all|none)"
    r"|zero (?:\w+ )?(?:errors|failures|stalls|timeouts|crashes|losses)"
)
_FOUND = re.compile(
    r"\b(?:" + "|".join((_JUDGEMENT, _PLACE, _EQUALITY, _CAUSE, _CERTAINTY, _OUTCOME)).replace(" ", r"\s+") + r")\b",
    re.IGNORECASE,
)


_SIGN = re.compile(
    r"(?<=[\w)\]] )(?:>{1,3}|<{1,3}|={1,3}|!=|\+{2,})(?=\s+[\w([]|$)|[≪≫≺≻≈≅≃∼≠≤≥⩽⩾↑↓↗↘⇑⇓▲▼△▽⬆⬇]|[\u2600-\u27bf\u2b50]"
    r"|[\U0001f000-\U0001faff]",
    re.MULTILINE,
)
"""A sign that compares, or a picture that judges."""


def signs(text: str) -> Iterator[tuple[int, str]]:
    """Each sign of a comparison and each picture, with its place in ``text``."""
    return ((found.start(), found[0]) for found in _SIGN.finditer(text))


def assertions(text: str) -> Iterator[tuple[int, str]]:
    """Each of them with its place in ``text``."""
    return ((found.start(), found[0]) for found in _FOUND.finditer(text))
