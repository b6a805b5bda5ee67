"""Hypothesis strategies for runs whose every text and number is as awkward as its type permits."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.events import Counters, Phase, Reading, Request, Run, Started, Task
from harness.outcomes import OK, Code, Missing, Outcome, Status

hostile = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "\0",
            '"}',
            '{"run": 1}',
            "NaN",
            "Infinity",
            "null",
            "\u2028",
            "\ufffd",
            "😀",
            "\r\n",
            "=1+1",
            "<script>",
            "\\ud800",
        ]
    ),
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
integers = st.integers(-(2**63), 2**63 - 1)
scalars = st.one_of(hostile, integers, st.integers(), numbers, st.booleans(), st.none())
mappings = st.dictionaries(hostile, scalars, max_size=4)
outcomes = st.one_of(
    st.just(OK),
    st.builds(Outcome, st.sampled_from([s for s in Status if s is not Status.OK]), st.sampled_from(Code), hostile),
)
maybe = st.none() | integers
requests = st.builds(
    Request,
    index=integers,
    phase=st.sampled_from(Phase),
    prompt_id=hostile,
    outcome=outcomes,
    connect_ns=maybe,
    sent_ns=maybe,
    end_ns=maybe,
    arrivals_ns=st.lists(integers, max_size=4).map(tuple),
    tokens=st.lists(integers, max_size=4).map(tuple),
    counters=st.builds(Counters, maybe, maybe, st.none() | numbers, maybe, st.none() | numbers),
    effective=mappings,
    finish_reason=st.none() | hostile,
    text=hostile,
    server=hostile,
    task=maybe,
    turn=maybe,
)
engines = st.builds(Started, hostile, hostile, integers, mappings, hostile)
tasks = st.builds(
    Task,
    index=integers,
    agent=hostile,
    language=hostile,
    outcome=outcomes,
    server=hostile,
    planned_ns=integers,
    started_ns=maybe,
    ended_ns=maybe,
    ingested_files=maybe,
    ingested_bytes=maybe,
    text=hostile,
)
readings = st.builds(
    Reading, hostile, hostile, hostile, integers, st.none() | numbers, st.none() | st.sampled_from(Missing)
)
runs = st.builds(
    Run,
    run_id=hostile,
    cell_id=hostile,
    replicate=integers,
    block=integers,
    position=integers,
    outcome=outcomes,
    started_unix_ns=integers,
    duration_ns=integers,
    requested=mappings,
    engines=st.lists(engines, max_size=2, unique_by=lambda engine: engine.server).map(tuple),
    tasks=st.lists(tasks, max_size=2, unique_by=lambda task: task.index).map(tuple),
    requests=st.lists(requests, max_size=2).map(tuple),
    readings=st.lists(readings, max_size=2).map(tuple),
    facts=mappings,
    flags=st.dictionaries(hostile, hostile, max_size=2),
)
