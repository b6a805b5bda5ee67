"""How a run or a request ended, and why a value is missing.

``Code`` is the one vocabulary for failures; ``Missing`` is the one vocabulary for nulls.
Neither is ever stored as a zero, a NaN or a sentinel number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The four ways in which a run or a request can end."""

    OK = "ok"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    DEGRADED = "degraded"


USABLE = frozenset({Status.OK.value, Status.DEGRADED.value})
"""The statuses, as stored, of what may enter a statistic."""


class Code(StrEnum):
    """Why an outcome is not plainly ok."""

    CONNECT_REFUSED = "connect_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    FIRST_BYTE_TIMEOUT = "first_byte_timeout"
    GAP_TIMEOUT = "gap_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    CLOSED_EARLY = "closed_early"
    HTTP_STATUS = "http_status"
    REDIRECT = "redirect"
    ERROR_IN_STREAM = "error_in_stream"
    BAD_FRAME = "bad_frame"
    BAD_ENCODING = "bad_encoding"
    BAD_COUNTER = "bad_counter"
    LINE_TOO_LONG = "line_too_long"
    BODY_TOO_LONG = "body_too_long"
    NO_TOKENS = "no_tokens"
    TOKEN_COUNT = "token_count"
    CONTEXT_FULL = "context_full"
    CONTEXT_SHIFTED = "context_shifted"
    NOT_STREAMED = "not_streamed"
    BUFFERED = "buffered"
    HIDDEN_TOKENS = "hidden_tokens"
    UNLISTED_REASONING = "unlisted_reasoning"
    STRAY_TOKEN = "stray_token"
    LOST_TOKEN = "lost_token"
    RELOADED = "reloaded"

    MODEL_MISSING = "model_missing"
    MODEL_DIGEST = "model_digest"
    TEXTS_OVERLAP = "texts_overlap"
    ENGINE_MISSING = "engine_missing"
    ENGINE_REFUSED = "engine_refused"
    ENGINE_EXITED = "engine_exited"
    ENGINE_BUSY = "engine_busy"
    DEVICE_MISSING = "device_missing"
    SETTING_REJECTED = "setting_rejected"

    WORKER_CRASHED = "worker_crashed"
    WORKER_KILLED = "worker_killed"
    OUT_OF_MEMORY = "out_of_memory"
    RUN_TIMEOUT = "run_timeout"
    REQUESTS_FAILED = "requests_failed"

    AGENT_MISSING = "agent_missing"
    AGENT_ENDED = "agent_ended"
    AGENT_SILENT = "agent_silent"
    AGENT_GARBLED = "agent_garbled"
    AGENT_CLOCK = "agent_clock"
    CORPUS_CHANGED = "corpus_changed"
    PROMPT_CHANGED = "prompt_changed"

    TOOL_ERROR = "tool_error"
    CANCELLED = "cancelled"


class Missing(StrEnum):
    """Why a value is null."""

    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    NO_TOKENS = "no_tokens"
    ONE_TOKEN = "one_token"
    REQUEST_FAILED = "request_failed"
    RUN_FAILED = "run_failed"
    BAD_COUNTER = "bad_counter"
    TOO_FEW_RUNS = "too_few_runs"
    TOO_FEW_BLOCKS = "too_few_blocks"
    TOO_FEW_SAMPLES = "too_few_samples"
    NOT_INDEPENDENT = "not_independent"
    DRIFT = "drift"
    NO_SENSOR = "no_sensor"
    NO_PERMISSION = "no_permission"
    RECORDINGS_DIFFER = "recordings_differ"
    TASK_FAILED = "task_failed"


MISSING_SUFFIX = ".missing"
"""Beside a fact that is null stands ``<name>.missing`` with its reason."""


FIRST_ANSWER_MS = "first_answer_ms"
REASONING_TOKENS = "reasoning_tokens"
RETRY_AFTER_S = "retry_after_s"
PROMPT_TOTAL = "prompt_tokens_total"
UNLISTED_REASONING = "unlisted_reasoning"
"""What some requests report in ``effective``: when the answer began after reasoning (milliseconds after the planned
start), how many tokens came before it, how long a server that refused asked to wait, the tokens of a prompt where the
server does not tell which it took from a cache, and the field of an unknown name that held reasoning."""

COUNTED_TOKENS = "counted_tokens"
CHUNKS_UNKNOWN = "chunks_unknown"
PLANNED_UNKNOWN = "planned_unknown"
"""What requests of another tool say in ``effective``: how many tokens their answer had, null where nobody counted
(which chunk held how many is then not known); that only their first and last chunk are known; and that the start that
was planned for them is not, so that their times count from sending."""


class NoValue(Exception):
    """A quantity has no value here; carries the reason instead of a number."""

    def __init__(self, reason: Missing) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """How something ended. ``detail`` is a hostile string: escape it wherever it is shown."""

    status: Status
    code: Code | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        if (self.status is Status.OK) != (self.code is None):
            raise ValueError("an outcome has a code exactly when it is not ok")

    @property
    def usable(self) -> bool:
        """Whether its measurements may enter a statistic."""
        return self.status in USABLE


OK = Outcome(Status.OK)


def failed(code: Code, detail: str = "") -> Outcome:
    """A failure; ``detail`` is cut to 500 characters so that a hostile server cannot fill the journal."""
    return Outcome(Status.FAILED, code, detail[:500])


def unsupported(code: Code, detail: str = "") -> Outcome:
    """Something that this machine or engine cannot do."""
    return Outcome(Status.UNSUPPORTED, code, detail[:500])


def degraded(code: Code, detail: str = "") -> Outcome:
    """Usable, but not what was asked for."""
    return Outcome(Status.DEGRADED, code, detail[:500])
