"""Sentences that say of an engine, a language, a host or a limit what no comparative says.

*Rust answers before Python*, *only llama.cpp works*, *use PyTorch*, *the hosts agree*, *speed depends on the
temperature*, *the limit is met* and *Rust ist schneller* are results as much as *Rust is faster* is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tendencies import found_unless

NAME = (
    r"(?-i:Rust|Python|PyTorch|TensorRT|ONNX Runtime|llama\.cpp|Ollama|vLLM|SGLang|tokio|async-std|smol|reqwest|httpx"
    r"|aiohttp|Gemma|SmolLM2|Qwen|Llama)"
)
_QUANTITY = r"(?:latency|throughput|speed|performance|accuracy|costs?|price|energy|power|time|rate|quality|memory)"
_NOT = r"(?:(?:does|do|did|can|could|will) ?(?:not|n't|n’t) |cannot |never |always |alone |also )?"
_FARES = (
    r"(?:stall(?:s|ed)?|fail(?:s|ed)?|crash(?:es|ed)?|times? out|timed out|drops?|dropped|works?|worked|rules?|rocks?"
    r"|disappoint(?:s|ed)?|lets? (?:you|us|users) down|runs? out of|miss(?:es|ed)? (?:its|the|every|all|no)"
    r"|(?:meets?|met|keeps?|kept) (?:the|its|every|all|no) (?:limit|objective|deadline|target|budget|slo)s?"
    r"|(?:answers?|finish(?:es)?|arrives?|starts?|ends?|is done|comes?) (?:\w+ )?(?:before|after)"
    r"|(?:is|are|was|were|has|sits?|ranks?|stands?) (?:\w+ )?(?:first|last|dead|hopeless|awesome|won|above|below|under"
    r"|dear|dearer|done for|a let-?down|our choice|what \w+ want))"
)
_OF_NAMES = (
    rf"{NAME} {_NOT}{_FARES}|only {NAME} (?!from|with|and|or|in\b)\w+s\b|{NAME} alone \w+s\b|{NAME},? by (?:a mile|far)"
    rf"|(?:far|miles|well) ahead:? {NAME}|{NAME} it is"
    rf"|(?-i:Use|Prefer|Choose|Pick|Deploy|Favou?r|Take|Do not use|Don't use|Don’t use|Never use) {NAME}"
)
_AGREEMENT = (
    r"(?:hosts|sessions|machines|recordings|engines|models) (?:all )?(?:dis)?agree\b(?! with|:)"
    r"|(?:hosts|sessions|machines|recordings) (?:all )?(?:give|say|show|tell) the same"
    r"|(?:(?:every|each|all|none|most) (?:\w+ )?)(?:of the )?(?:earlier )?(?:findings?|figures?|results?) "
    r"(?:\w+ )?(?:holds?|stands?|carr(?:y|ies))"
    r"|(?:figure|finding|result|claim)s? (?:does not|do not|did not|was|were|is|are) (?:\w+ )?"
    r"(?:replicate|replicated|contradicted|confirmed|refuted|reproduced)"
)
_DEPENDENCE = (
    rf"{_QUANTITY} (?:\w+ )?(?:depends? (?:only|strongly|linearly|little)|does not depend|do not depend) on"
    rf"|{_QUANTITY} follows? \w+|(?:affects|influences|determines|governs) (?:the |its )?{_QUANTITY}"
    r"|changes (?:nothing|everything)|differ in nothing"
    r"|(?:they|both|the two|all) (?:are|were) (?:the same|alike|equal)(?=[.,;!])"
    rf"|{_QUANTITY} (?:goes|went|go) (?:up|down)|{_QUANTITY} (?:fell|rose|climbed|grew|shrank|doubled)"
    rf"|{_QUANTITY} scales? with|{_QUANTITY} is low|{_QUANTITY} is (?:capped|limited|held back) by"
    r"|nothing (?:failed|went wrong|was lost|stalled|crashed)|everything (?:passed|worked|succeeded|failed)"
)
_NUMBER = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:a )?dozen|twenty|thirty|forty|fifty|sixty|eighty"
    r"|(?:a )?hundred|(?:a )?thousand|dozens of|hundreds of|thousands of)"
)
_COUNTED = (
    rf"{_NUMBER} (?:\w+ )?(?:runs|sessions|requests|answers|recordings) (?:\w+ )?(?:were|was|have been)"
    r" (?:recorded|made|measured|lost|dropped|repeated)"
    rf"|{_NUMBER} (?:runs|sessions|requests|answers) (?:failed|stalled|crashed|succeeded|ended)"
    rf"|(?:recorded|measured|tested|repeated) (?:on|in|over) {_NUMBER} (?:\w+ )?(?:hosts|machines|sessions|gpus|runs)"
)
_LIMIT = (
    r"(?:limit|objective|slo|target|deadline|budget|goal)s? (?:is|are|was|were) (?:\w+ )?(?:met|missed|exceeded|kept)"
)
_FOREIGN = (
    r"schneller|langsamer|schlagt|billiger|teurer|gewinnt|verliert|doppelt so|halb so|plus (?:rapide|lent|cher)"
    r"|moins (?:rapide|lent|cher)|gagne|mas (?:rapid|lent|barat|car)[oa]s?|menos (?:rapid|lent)[oa]s?"
    r"|piu (?:veloce|lento)"
)
_FOUND = re.compile(
    r"(?<![\w-])(?:"
    + "|".join((_OF_NAMES, _AGREEMENT, _DEPENDENCE, _COUNTED, _LIMIT, _FOREIGN)).replace(" ", r"\s+")
    + r")(?!\w)",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\b(?:whether|how|if|where|when|unless|until|which|that)\b[^.;:!?]*$", re.IGNORECASE)
"""*Whether the limit is met* and *a run that PyTorch fails* state nothing."""


def contenders(text: str) -> Iterator[tuple[int, str]]:
    """Each of them with its place in ``text``, but for what is asked or a condition."""
    return found_unless(_FOUND, _ASKED, text)
