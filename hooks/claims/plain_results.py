"""Sentences that state a result in the words of a method.

*Decoding takes the time*, *both read at one speed*, *the gap is closed by a third stream* and *each request met its
limit* have no word that a method lacks. What they have is a quantity or an effect where a method has a thing: as what
is taken, kept or shared, as what is the same everywhere, or as what comes from somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .contenders import NAME
from .tendencies import found_unless

_THE = r"(?:(?:the|its|their|a|an|no|any|all|most|much|more|less|one|both|every|each|this|that|his) ){0,2}"
_FULL = r"(?:(?:full|whole|fair|equal|own|little|large|small|extra|half|key-value) )?"
_SPEED = r"(?:times?|rates?|speeds?|pace|latency|latencies|throughput|waits?|delays?|bandwidth)"
_SPENT = r"(?:memory|energy|power|money|processors?|cores?|accuracy|quality|costs?|prices?|bills?|work|hours?)"
_EFFECT = (
    r"(?:differences?|gaps?|gains?|benefits?|waits?|tails?|spreads?|stalls?|delays?|drifts?|noise|loss(?:es)?|savings?"
    r"|overheads?|slow-?downs?|advantages?|effects?)"
)
_FOUND_OUT = r"(?:order|ranking|rankings|finding|findings|result|results|law|laws|knee|picture)"
_MEASURED = rf"(?:{_SPEED}|{_SPENT}|{_EFFECT}|perplexity|rankings?|order)"
_OF = r"(?: (?:of|per|between|at|for|on|with|in) (?:[\w.-]+ ){0,4}[\w.-]+)?"
_IS = r"(?:is|are|was|were|stays?|stayed|remains?|remained)"
_ALL = (
    r"(?:every|each|all|both|any|either|neither|no|none of|not one|most|the other|the first|the second|the rest|full)"
)
_RUNS = (
    r"(?:requests?|answers?|runs?|arms?|sessions?|engines?|agents?|hosts?|tasks?|streams?|calls?|tokens?|models?"
    r"|blocks?"
    r"|clients?|prompts?|machines?|users?)"
)
_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|twenty|thirty-two|sixty-four)"
_LOAD = r"(?:streams?|threads?|agents?|requests?|rows?|layers?|cores?|users?|clients?|tokens?|answers?)"
_CONTENDER = (
    rf"(?:{NAME}|(?:{NAME}|eager|compiled|exported|quantised|other|first|second|third|slower|small|large|padded) "
    r"(?:agent|engine|code|client|runtime|arm|model|host|machine|stream|server|one)s?)"
)

_TAKEN = (
    rf"(?:takes?|took|gives?(?: back)?|gave|gains?|adds?|keeps?|kept|loses?|lost|saves?|spends?|spent|leaves?"
    rf"|left|reach(?:es|ed)?|fills?|filled|changes?|changed|move[sd]?|sets?|turns?|turned|closes?|covers?|covered"
    rf"|eats?|uses? up|makes? up|repays?|returns?|earns?|frees?) (?!(?:a|an|that) (?:processor|core)"
    rf"|that ){_THE}{_FULL}(?:\w+'s )?"
    rf"(?:{_MEASURED}|share)\b(?! (?:between|of day|stamp|zone|series|unit|limit|level|axis|from|as (?:its|the) start))"
    rf"|(?:uses?|takes?|adds?|has|have) {_THE}(?:part|whole|half|much|most|all) of {_THE}(?:\w+(?:'s)? )?{_MEASURED}"
    rf"|(?:takes?|adds?) (?:from|to) {_THE}(?:first|second|other|each|every|token|step)"
    r"|(?:gives?|gave|costs?|takes?|took|saves?|adds?) what|(?:cover|covers|repays?) it\b"
    rf"|(?:shares?|costs?) {_THE}{_FULL}(?:{_SPEED}|accuracy|quality)\b|shares? (?:the|their|all|its) \w+ (?:evenly"
    rf"|in equal)"
    r"|(?:takes?|took|loses?|lost|gains?|costs?|moves?) (?:no \w+|nothing|none)\b(?! (?:of|but)\b)"
    r"|changes? no (?:\w+)\b(?! (?:of|but)\b)"
    r"|(?:has|have|takes?|took) (?:a|its|their|no|some) (?:\w+ )?(?:share|part|hand|say) (?:in|of)\b"
)
_ALIKE = (
    rf"(?<!at\s)the same (?:\w+ )?(?:{_SPEED}|{_SPENT}|ranking|answers?|gain|result|line|share)\b(?! definition)"
    rf"|(?:give|gives|gave|shows?|showed|has|have|repeats?|share|shares) (?:the same|one|a single"
    rf"|every) (?:{_FOUND_OUT}"
    rf"|{_SPEED}|answers?)\b(?! (?:of|per|for|each|with)\b)"
    rf"|(?:{_MEASURED}|{_FOUND_OUT}){_OF} {_IS} (?:\w+ly )?(?:the same|alike|one and the same|that of {_ALL})"
    rf"|(?:ends?|ended|finish\w*|arrives?|comes?|is done|are done|stops?) at the same time"
    r"|(?:at|in) (?:(?:one|equal|the full|full|its full|their full) (?:\w+ )?(?:rate|speed|pace)|(?:half the|half a"
    r"|one \w+'s) (?:pass|time))"
    rf"|(?:at|in|with) the (?:rate|speed|pace|time|memory|price) (?:of|that) {_THE}(?:\w+ )?(?:{_CONTENDER}|one\b|other"
    r"|before|\w+ (?:sets|allows|gives)|\w+ code|machine|short|long)"
    r"|one and the same|in equal (?:parts|shares)|(?:cost|costs) (?:the same|as much|as little)"
    rf"|(?P<of>{_SPEED}|{_SPENT}|answers?|reports?) of (?:[\w.-]+ ){{1,4}}(?:is|are|was|were) (?:the (?P=of)"
    rf"|that) of (?!{_THE}(?:list|table)\b)"
    r"|(?:long|soon|well|right|shortly) (?:before|after) (?!the (?:run|end|start)\b)|as soon as the (?:first|second"
    r"|other|last)"
    r"|(?<!as\s)\b(?:ones?|two|three|others?|\w+ing|prefill|it|they|threads|models?|engines?) (?:do|does|did) (?:not"
    r"|too|as well)"
    r"(?=[.;,]|$)"
    rf"|(?:answers?|tokens|weights|report) (?:\w+ )?(?:is|are|was|were) (?:that|those) of (?:full|{_ALL})"
)
_COMES = (
    rf"{_EFFECT}{_OF} (?:comes?|came|lies?|lay|goes|went|arises?|begins?|ends?|ended|stays?|stops?|vanish\w*)\b"
    rf"(?! (?:between|within|outside))"
    rf"|(?:difference|gap|question|matter|tail|wait) is (?:one )?of (?!how|what|which|whether)\w+"
    rf"|{_EFFECT}{_OF} {_IS} (?:closed|filled|made|hidden|lost|carried|eaten|left|taken by|paid|gone)\b(?! out\b)"
    rf"|(?:time|times|energy|power|money|memory|work){_OF} (?:goes|went|go) (?:in)?to"
    rf"|(?:time|energy|power|money|work) {_IS} (?:\w+ly )?(?:spent|lost|wasted)"
    rf"|(?:{_SPENT}|{_SPEED}) {_IS} (?:\w+ly )?(?:kept|filled|held|taken|eaten|set|decided|used|bound|saved|shared) by"
    rf"|{_SPENT} (?:stays?|stayed|returns?|returned|lies|lay)\b"
    rf"|(?:{_MEASURED}|{_FOUND_OUT}) (?:does|do|did) not (?:move|change|turn|follow|reach|grow|fall|rise|differ)"
    rf"|(?:does|do|did) not (?:change|move|touch|turn|decide|set|reach|cover|repay) {_THE}(?:{_MEASURED}|it\b)"
    rf"|leaves? {_THE}\w+ (?:where|as) it (?:was|is)|spends? (?:its|their|all|most) \w+ (?:between|on|in|at)"
    rf"|{NAME} (?:waits|sleeps|idles|spends)\b"
    r"|(?:collector|lock|gil|interpreter|client|scheduler|neighbours?|hypervisor|kernel|compiler|loop|queue|transport)"
    r" (?:holds?|held|stops?|stopped|blocks?|takes?|took|keeps?|kept|slows?|adds?) "
    r"(?:(?:to|the|every|each|all|any|its|both) ){1,2}(?:streams?|threads?|server|processor|engine|cores?|steps?"
    r"|tokens?|requests?|agents?|decoding|prefill)"
)
_OUTCOME = (
    rf"(?:every|each|all|both|no|neither|most) (?:of the )?(?:\w+ ){{0,2}}?{_RUNS} (?:\w+ly )?(?:met|passed|gave|came"
    rf"|kept|reached|ended|arrived|finished|answered|waited|missed|won|lost|fell|rose|stood)\b"
    rf"|(?:passed|met|kept|missed|reached|lost|shared) by (?:every|each|all|no|any|most|both|none)"
    rf"|(?:no|not one|not a single) (?:\w+ )?{_RUNS} (?:was|were) (?:left|lost|late|cut|spared|dropped)"
    r"|(?:is|are|was|were|be) (?:not |never |nowhere |only )?seen(?= (?:in|at|on|by|with|here)|[.,;]|$)"
    r"|nothing (?:was|is|got) (?:dropped|left out|missed|held back|delayed)|no other (?:program|process|load) (?:ran"
    r"|was)"
    r"|free of (?:load|noise|drift|stalls|errors)|(?:is|was|were) in step\b|(?:do|does|did) nothing (?:but|else)"
    r"|(?:queue|server|machine|processor|cores?|pool|host|engine|client) (?:is|are|was|were) (?:never |always |not "
    r"|almost )?"
    r"(?:empty|full|asleep|filled|busy|saturated|unused)\b(?! (?:before|at the start|when))"
    r"|(?:used|read|filled|kept) in full|(?:without|never) waiting for (?:each|one|any)"
    r"|(?:waits?|waited) (?:on|for) (?:the )?(?:disk|memory|processors?|cores?|network|server|others?|first|last"
    r"|second|interpreter"
    r"|client|cache|gpu|lock|queue)\b|(?:sleeps|slept|idles|asleep|stands? still|sits? still)\b"
    rf"|only (?:the |a )?(?:[\w.-]+ ){{1,3}}(?:waits?|pays?|stalls?|compiles?|fails?|(?:is|are) left)\b"
)
_AT_A_LOAD = (
    rf"(?:\A|[.!?:|]\s|\n)[-*#>|\s]*(?:at|beyond|from|past|up to|above|below) {_NUMBER} {_LOAD}(?: on)?,? "
    rf"(?!a (?:request|run) is\b)(?:the |every |each |all |no |a |both )?\w+ \w+"
    rf"|\b(?:lies?|lay|begins?|starts?|stops?|ends?|sits?|comes?|step|knee|wall|full|empty|flat|steep) (?:at|beyond"
    rf"|past"
    rf"|from|after) {_NUMBER} {_LOAD}|\b{_LOAD} (?:above|beyond|past) {_NUMBER} (?!are\b|were\b)\w+"
    rf"|(?:full|reached|spent|over) before (?:its|the) (?:limit|end|target)"
)
_READ_OFF = (
    r"(?:lines?|points?|intervals?|curves?|bars?|rows?|marks?)(?: (?:of|in) [\w ]{1,30}?)? (?:lies?|lay|stands?|runs?"
    r"|falls?|meets?|crosses|crossed|touch(?:es)?|shares?|rises?|bends?) (?:above|below|beside|out|apart|no|on one side"
    r"|on the (?:same|other)|each other|together|everywhere|at)\b"
    r"|(?:chart|table|figure|line|curve) shows? (?:a|an|one|no|the) (?:clear )?(?:step|rise|fall|bend|knee|row that"
    r"|line"
    r" that|gap|jump|wall|difference|drop|plateau)|(?:stands?|stood) (?:out|apart)\b|at a distance|no value in common"
    r"|(?:do|does) not (?:touch|meet|cross)"
)
_ELSEWHERE = (
    r"earlier (?:\w+ )?(?:figures?|findings?|reports?|study|studies|order|claims?|results?|series|numbers?) (?:\w+ly )?"
    r"(?:(?:is|are|was|were) (?:met|turned|left|read from|borne|shown|found|kept|lost|here|reached|repeated|missed"
    r"|taken"
    r" back|in error|off)|meets?|turns?|turned|left out|lost|missed|stood|stands|overstated|understated|held)\b"
    r"|(?:gpus?|accelerators?|other (?:machines?|models?|hosts?|engines?)|(?:larger|smaller) models?|models? of other"
    r" sizes?|users?|bare metal) (?:would|follows?|behaves?|keeps?|gives?|shows?) (?!to be asked)"
    r"|law (?:also |still |then )?(?:holds|covers|fits|bends|fails|applies|breaks)\b"
    r"|on (?:a|any|every|another) (?:gpu|accelerator|other (?:machine|host))[^.;:]{0,20} (?:same|expected|holds"
    r"|follows)"
)
_PAIR = (
    rf"\b(?:{_NUMBER}|no|more|fewer|same|any|half the|twice the) [\w-]+(?: [\w-]+)?, (?:one|same|the same|no|equal"
    rf"|more|less"
    rf"|half|{_NUMBER}) (?:{_MEASURED}|lines?|winner|answers?)(?=\s*(?:[.|\n]|\Z))"
    rf"|[|:]\s*(?:the )?(?:same|one|equal|full|no|half the|less|more) (?:{_MEASURED})(?=\s*(?:[.|\n]|\Z))"
    r"|(?:\||-\s\w[^|:\n]{0,30}:)\s*(?:not seen|first in|last in|ahead|behind)\b[^|.\n]*(?=[|.\n]|$)"
    rf"|that (?:changes?|costs?|adds?|moves?|saves?) nothing"
)
_FOUND = re.compile(
    r"(?<![\w-])(?:"
    + "|".join((_TAKEN, _ALIKE, _COMES, _OUTCOME, _READ_OFF, _ELSEWHERE)).replace(" ", r"\s+")
    + r")(?![\w-])",
    re.IGNORECASE,
)
_PLACED = re.compile(rf"(?:{_AT_A_LOAD}|{_PAIR})".replace(" ", r"\s+"), re.I | re.M)
_ASKED = re.compile(
    r"\b(?:whether|how|what|means?)\b[^.;:!?]*$|\b(?:if|when|unless|until|once|where|as)\b[^.;:!?,]*$"
    r"|\bwhere the (?:line|row|interval|point|ratio|curve)\b[^.;:!?]*$|\b(?:that|which|who)\s+(?:[\w.-]+\s+){0,2}$",
    re.IGNORECASE,
)
"""A question, a condition, a rule of reading, and what only tells things apart: *an arm that takes the same time*."""


def plain_results(text: str) -> Iterator[tuple[int, str]]:
    """Each of them with its place in ``text``, but for what is asked, a condition, or what tells things apart."""
    yield from found_unless(_FOUND, _ASKED, text)
    yield from ((found.start(), found[0]) for found in _PLACED.finditer(text))
