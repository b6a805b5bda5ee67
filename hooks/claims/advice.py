"""Sentences that advise, or say that something is enough, hardly there, good, a share or a limit, without comparing.

*One thread is enough*, *nobody will notice*, *batching is free*, *most of the time goes to prefill* and *avoid PyTorch*
are results as well: no predicate stands behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tendencies import found_unless

_IS = r"(?:is|are|was|were|remains?|stays?|seems?|becomes?|proves?)"
_VERY = r"(?:(?:so|too|very|quite|rather|really|all|just|entirely|[a-z]+ly) ){0,2}"
_QUANTITY = (
    r"(?:time|latency|memory|energy|power|bandwidth|throughput|costs?|price|bill|budget|work|delay|wait|overhead"
    r"|tokens|calls|requests|answers)"
)
_ADVICE = (
    r"(?:everyone|everybody|anyone|nobody|no one|(?<!that\s)you|users?|teams?) (?:should|must|ought to|needs? to"
    r"|will (?:not )?"
    r"(?:notice|miss|feel|regret)|(?:can|may) (?:\w+ly )?(?:ignore|forget|skip))"
    r"|stay away from|steer clear|stick (?:to|with)|opt for|go with|forget about|avoid(?= [A-Z])"
    r"|(?:engine|arm|runtime|language|model|backend|setting|option|configuration|one) to (?:pick|choose|use"
    r"|avoid|beat)"
    r"|(?:a|an|the) (?:\w+ly )?(?:poor|good|bad|safe|sound|sensible|wise|natural|obvious|wrong)"
    r" (?:choice|pick|option|bet|default|idea|deal)|a no-brainer|(?:use|take|keep|set) \w+(?: \w+)?, always"
)
_ENOUGH = (
    rf"{_IS} {_VERY}(?:enough|sufficient|insufficient|plenty|ample|adequate|overkill|unnecessary|needless)"
    r"|suffic(?:es?|ed)(?! (?:where|when))|there is room for|more than enough|good enough"
)
_HARDLY = (
    r"(?:hardly|barely|scarcely) (?!any\b)\w+|in the noise|lost in (?:the )?noise|within (?:the )?noise"
    r"|(?:at|for) no (?:\w+ )?(?:charge|cost|price)|(?:vanish|evaporat|disappear)(?:es|s|ed)(?! from)"
)
_GRADE = (
    rf"{_IS} {_VERY}(?:robust|brittle|fragile|lightweight|heavyweight|deterministic|accurate|inaccurate|severe|mild"
    r"|harmless|harmful|painful|painless|obvious|evident|intact|free(?! of)|overpriced|underrated|overrated|snappy"
    r"|sluggish|smooth|wasteful|frugal|thrifty|hungry|greedy|impractical|practical|feasible|infeasible|nonsense"
    r"|gibberish|lossy|(?:never|always) (?:late|early|idle|busy|slow|fast|full|empty|wrong|right"
    r"|short|behind|ready|free|there))(?! (?:by|than|in|for) )"
    r"|(?:writes?|gives?|makes?|produces?) (?:good|bad|poor|excellent|decent|useful|useless|sensible|nonsense"
    r"|gibberish|garbage)(?: \w+)?"
    r"|(?:ruin|destroy|wreck|cripple|spoil|harm|starve|choke)(?:s|ed) (?:the|its|all|every|both)"
    r"|in each other's way|keeps? (?:up|pace) with (?:any|every|each|everything)|(?:now and then"
    r"|once in a while|from time to time)"
)
_SHARE = (
    rf"(?:most|much|the rest|the lion's share|the greater part) of (?:the|its|their|all) (?:\w+ )?{_QUANTITY}"
    r" (?:is|are|goes|go|was|were|went|comes?|came)|most of the time(?! (?:of|that))"
    r"|(?:main|chief|principal|dominant|driving) (?:cost|factor|limit|source|driver|expense|contributor|consumer)"
    r"|(?:bandwidth|memory|compute|network|cache|engine|client|server|python|prefill|decode) is the (?:limit|ceiling"
    r"|constraint|problem)|(?:roofline|ceiling|limit|knee|plateau) is (?:reached|hit|out of reach|near|close|far)"
)
_REACH = (
    r"(?:carr(?:y|ies)|transfers?|extends?) over(?: to)?|(?:result|finding|figure|number|claim|picture|answer)s?"
    r" (?:\w+ )?(?:agrees?|matche?s?|coincides?|transfers?|extends?|stands?) (?:with|to|up)"
    r"|(?:this|that|which|it) (?:proves|disproves|shows|demonstrates|means) that|leaves? no (?:doubt|question)"
    r"|every (?:run|request|answer|session|task) (?:gave|gives|had|made|returned|took|agreed)"
    r"|ignores? the (?:setting|limit|cap|seed|option)"
)
_THING = (
    r"(?:latency|memory|time|speed|quality|accuracy|perplexity|gap|curve|law|cost|price|bill|context|pause"
    r"|model|weight"
    r"|prompt|answer|agent|thread|client|server|engine|cache|scheduler|runtime|language|estimate|error"
    r"|instrument|clock"
    r"|outlier|noise|headline|question|case|number|figure|gpu|cpu|prefill|decode)s?"
)
_DOES = (
    rf"{_THING} (?:\w+ly )?(?:bends?|closes|widens?|narrows?|jumps?|moves? (?:little|much|a lot)|adds? up"
    rf"|degrades?|suffers?|survives?|hurts?"
    r"|fl(?:y|ies)|chokes?|drowns?|burns?|eats?|fights? (?:for|over)|competes? for|queues? up|waits? in line"
    r"|sits? idle"
    r"|fits(?! (?:into|in) (?:a|one) line)|stands?(?! (?:in|on|at|above|below|beside|for|behind|with|there|here|alone"
    r"|next|under))|has had its day|earns? its keep|gets? it (?:right|wrong)|does its job|does all"
    r"|takes its time|makes? (?:a|little|no|some|all the|the) difference)"
    rf"|{_THING} {_IS} {_VERY}(?:tight|a problem|no (?:problem|concern|issue)|under control|sound|conservative"
    rf"|precise"
    r"|imprecise|trustworthy|final|settled|closed|an? artefact|straight|expensive|a detail|a matter of taste"
    r"|felt|clean)"
    r"|differs? (?:wildly|widely|greatly|little|by a hair)|(?:all|both) (?:\w+ ){0,3}(?:are|do|stay|cost"
    r"|take) the same(?! \w)"
    r"|stays? the same|fits? (?:in|into) (?:the cache|l1|l2|l3|cache)|follows? (?:a|the) (?:power|linear"
    r"|square) (?:law"
    r"|root)|(?:was|is) (?:luck|chance|no accident|a fluke|within reason)|explains it"
)
_IDIOM = (
    r"(?:bother|mess) with|bet on|put your money|feel free|little (?:reason|point|use)"
    r"|buys? (?:you )?(?:nothing|little"
    r"|a|an)|flip a coin|whichever you like|nothing (?:lies )?between them|settles? (?:the|this|that)"
    r"|nothing else ran"
    r"|off by far|got it (?:right|wrong|backwards)|(?:can|may) trust|a bargain|lion's share|pays? for itself"
    r"|money well spent|worth (?:the|every)|comes? promptly|feels? (?:snappy|slow|fast|sluggish|instant)"
)
_FOUND = re.compile(
    r"\b(?:"
    + "|".join((_ADVICE, _ENOUGH, _HARDLY, _GRADE, _SHARE, _REACH, _DOES, _IDIOM)).replace(" ", r"\s+")
    + r")\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\b(?:whether|how|if|where|when|unless|until)\b[^.;:!?]*$", re.IGNORECASE)
"""*Whether it is enough* and *where the limit is reached* state nothing."""


def advice(text: str) -> Iterator[tuple[int, str]]:
    """Each of them with its place in ``text``, but for what is asked or a condition."""
    return found_unless(_FOUND, _ASKED, text)
