"""Sentences whose form states a result, whatever they are about.

An order to the reader (*skip the warm-up*), what somebody found (*we see that threads help*), what is not needed
(*nothing to gain*), a cleft (*it is the prompt that slows it*), a pair of degrees (*more threads, more tokens*), a
verdict without a verb (*Rust: the way forward*), a suffix that judges (*cache-friendly*), a guess (*presumably*) and a
question that expects no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .contenders import NAME

_START = (
    r"(?:(?:\A|\n\s*\n|[.!?|]\s|\n\s*[-*#|>])[\s>#|*_.-]*"
    r"|(?:if|when|unless|once|wherever|whenever)\s[^.;:!?|\n]{1,60},\s+)"
)
"""Where a sentence begins, or goes on behind a condition."""
_LEVER = (
    r"(?:compile(?! time| mode)|quantise|quantize|skip|leave|turn|set|use|drop|buy|rent|add|pin|raise|lower|expect"
    r"|forget|ignore|prefer|pick|go|switch|deploy|try|trust|save|stay|disable|enable|avoid|mind|beware|keep|spend"
    r"|reach for|give|let|make|put|invest|upgrade|do not|don't|don’t|never|consider|bring|throw|get|stick|rely"
    r"|count on|think|tune|adopt|replace"
    r"|(?:batch|pad|cache|export|run|start|split|share|cut|limit|scale|move|stop|stream|order|plan)(?= (?:the|a"
    r"|an|your|all|both"
    r"|every|each|it|them|once|only|as|at|with)\b|[.!,;]))"
)
_ORDER = rf"{_START}(?P<order>{_LEVER}(?! (?:\w+ )?(?:where|by)\b)(?: [\w-]+)?)(?=[\s.,;:!|]|$)"
_FOUND_OUT = (
    r"(?:we|I) (?:\w+ly |can |could |also )?(?:see|saw|seen|find|found|learn(?:ed|t)?|conclude[d]?|observed?"
    r"|notice[d]?|believe"
    r"|think|expect|know|recommend|suggest|conclude|advise)|it (?:turns|turned) out|it (?:appears|seems|follows"
    r"|emerges) (?:that|as)"
    r"|(?:one|you) (?:should|can safely|may safely|gets?|gains?|loses?|saves?|pays?|wins?|need not|needn't"
    r"|do not need)"
    r"|(?:stands|stood) to reason|(?:as|than) (?:one|you|anyone) (?:would|might|may) (?:think|expect|guess|hope)"
    r"|(?:can|may|must|is|are|was|were|be) (?:to be )?(?:expected|neglected|ignored|forgotten|recommended"
    r"|skipped safely)(?! to\b| at\b| in\b)"
)
_THERE = (
    r"there(?: is|’s|'s| are| was| were| remains?) (?:\w+ly |really |simply |also )?(?:nothing|little|much"
    r"|plenty|room|something|diminishing"
    r"|no (?:need|point|harm|sense|use|reason|going|way|gain|benefit|cause|case|price|downside|difference|doubt|cost"
    r"|trade-off|substitute|room|winner|loser|catch|getting|escaping|escape))"
    r"|no (?:need|point|harm|sense|use|shame) (?:to|in|for|of)\b|no reason (?:not )?to\b|no going back|in vain"
    r"|to no avail"
    r"|(?:nothing|little|not much|something|everything|a lot|much) (?:is|was|can be|will be|to be) (?:gained"
    r"|lost|won|saved)"
    r"|nothing to (?:gain|lose|win|offer|fear|do with|speak of)|to spare\b|(?:for|good for) nothing"
)
_CLEFT = (
    r"it (?:is|was) (?:not |only )?(?:the |a |an )?(?:\w+ ){1,3}(?:that|who|which) (?:\w+ )?(?:makes?|made"
    r"|slows?|costs?|limits?|decides?|decided"
    r"|counts?|matters?|brings?|helps?|holds?|wins?|pays?|drives?|does|sets?|takes?|gives?|causes?|gets?|eats?|caps?)"
    r"|(?<![\w,]\s)what (?:really |actually |ultimately )?(?:slows|makes|limits|decides|matters|brings|helps"
    r"|drives|costs|hurts|pays|holds|caps|wins|saves|speeds|works|breaks"
    r"|stalls|kills) (?:[^.;:?!]{0,60}? )?(?:is|are|was|will|on)\b"
    rf"|to {NAME} (?:goes|belongs|falls)|(?:more|fewer|less) \w+(?: \w+)?, (?:more|fewer|less)"
    rf"|the more [^.;:]{{1,40}}, the"
    rf"|{NAME} (?:and|or) {NAME} (?:cannot|can not|can|could not|could) be|(?:is|are) as (?!long\b|many\b"
    rf"|often\b|it\b|they\b|a\b|the\b|in\b|on\b)\w+ as"
    r"|none of (?:them|these|those|the (?:\w+ )?\w+) (?!is\b|are\b|was\b|were\b|of\b|in\b|with\b|that\b|on\b)\w+s"
)
_VERDICT = (
    r"worth(?! of\b| what\b)|a waste\b|to waste|thumbs[- ](?:up|down)|the way forward|must-\w+|made it\b"
    r"|(?:does|do|did) the (?:trick|job)"
    r"|not (?:the|an?) (?:answer|solution|problem|issue|culprit|bottleneck|obstacle|option)|(?:can"
    r"|may) be any\b|every bit\b|untouched"
    r"|go(?:es)? a long way|makes? sense|makes? (?:it|them|itself) (?!x\b)\w+\b|up to scratch|part ways"
    r"|called for|need not apply|(?:do|does|did) not bother"
    r"|(?:all|more|less) (?:that )?(?:it takes|you need|anyone needs|one needs|is needed)|than (?:anyone"
    r"|anybody|you|most) (?:needs?|wants?)"
    r"|(?:\w+-)?[a-z]+-(?:neutral|friendly|hungry|heavy|intensive|savvy|killer|grade|starved|efficient|proof"
    r"|worthy|sapping|saving"
    r"|sensitive|insensitive|agnostic|hogging|crushing|beating)"
    r"|(?:can|could|will|would|may|might|have|has) (?:safely )?(?:handle|cope|serve a|serve this|sustain"
    r"|shoulder|swallow|carry) ?\w*"
    rf"|(?<=[|:-]\s){NAME}, (?:the|by|of course)\b|\(?(?:recommended|not recommended|best|avoid)\)"
)
_GUESSED = (
    r"perhaps|presumably|arguably|probably|apparently|luckily|fortunately|sadly|unfortunately|of course"
    r"|in truth|in fact"
    r"|one (?:might|could|would|may|can) (?:\w+ly )?(?:conclude|say|think|argue|guess|expect|object)"
    r"|it (?:might|could|may|must|can) be (?:said|argued|seen|concluded)|it (?:is"
    r"|was) (?:the )?(?!\w+ed\b)\w+, not (?!\w+ed\b)\w+"
    r"|it (?:is|was|would be) (?:hard|easy|a pity|a mistake|a shame|no wonder|clear|plain|tempting|wise|unwise"
    r"|pointless|futile)"
    r"|all along|no \w+, no \w+"
)
_TURNED = (
    rf"{_START}(?P<turned>[a-z]+(?:ive|ing|ous|ful|ble|ant|ent|ical|less|clear|plain|sure|certain) (?:is|was|are"
    rf"|were)"
    r" (?:only |not |also )?(?:the|that|a|how|what)\b)"
)
_CELL = (
    r"[|:]\s*(?P<cell>(?:not )?(?:safe|fine|good|bad|okay|needed|helps?|works?|useful|useless|pointless|a must|unsafe"
    r"|better|overkill"
    r"|do|don't|avoid|skip|keep|irrelevant|pays))[\s.]*(?=\||\n|$)"
)
_RHETORICAL = (
    r"who (?:would|could)\b[^?\n]*\?|(?:who|what) (?:needs?|cares?|wants?|is left|remains|good is|use is"
    r"|point is)\b[^?\n]*\?|why [^?\n]*\?"
    r"|(?:is|are|was) there (?:any|still any|a) (?:point|reason|use|need|sense|case|doubt|gain|hope)[^?\n]*\?"
    r"|(?:what|where) (?:is|would be|'s) the (?:point|use|harm|sense|catch|gain|need)[^?\n]*\?"
    r"|(?:how|what) (?:else|more|better)[^?\n]*\?"
)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE | re.MULTILINE)


_SAID = _compiled(r"\b(?:" + "|".join((_FOUND_OUT, _THERE, _CLEFT, _VERDICT, _GUESSED)) + r")(?!\w)")
_TOLD_TO, _TURNED_ROUND, _IN_CELL = _compiled(_ORDER), _compiled(_TURNED), _compiled(_CELL)
_ASKED_FOR = _compiled(rf"\b(?:{_RHETORICAL})")


def forms(text: str) -> Iterator[tuple[int, str]]:
    """The words of each such form, with their place in ``text``, which holds no questions that ask."""
    for found in _SAID.finditer(text):
        yield found.start(), found[0]
    for found in _TOLD_TO.finditer(text):
        yield found.start("order"), found["order"]
    for found in _TURNED_ROUND.finditer(text):
        yield found.start("turned"), found["turned"]
    for found in _IN_CELL.finditer(text):
        yield found.start("cell"), found["cell"]


def rhetorical(text: str) -> Iterator[tuple[int, str]]:
    """Each question that expects no answer, with its place in ``text``."""
    return ((found.start(), found[0]) for found in _ASKED_FOR.finditer(text))
