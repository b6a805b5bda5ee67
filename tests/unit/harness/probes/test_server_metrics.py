"""A server's own metrics as readings on the run's clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from harness.outcomes import Missing
from harness.probes.prometheus_text import samples
from harness.probes.server_metrics import ServerMetrics, Source, known_quantities

VLLM = """# HELP vllm:num_requests_running Number of requests
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="m"} 3.0
vllm:num_requests_running{engine="1",model_name="m"} 2.0
vllm:num_requests_waiting{engine="0"} 1.0
vllm:kv_cache_usage_perc{engine="0",note="a \\"quoted} brace"} 0.25
vllm:kv_cache_usage_perc{engine="1"} 0.5
vllm:generation_tokens_total{engine="0"} 1.2e+03
vllm:time_to_first_token_seconds_bucket{le="+Inf"} 9
process_open_fds NaN
"""
LLAMA_CPP = """llamacpp:prompt_tokens_total 120
llamacpp:tokens_predicted_total 64
llamacpp:requests_processing 1
llamacpp:requests_deferred 0
"""


class Page(BaseHTTPRequestHandler):
    text = ""

    def do_GET(self) -> None:
        body = type(self).text.encode()
        self.send_response(200 if body else 503)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def page() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/metrics"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_names_of_engines_are_one_vocabulary() -> None:
    assert known_quantities(VLLM) == {
        "requests_running": 5.0,
        "requests_waiting": 1.0,
        "kv_cache_used": 50.0,
        "output_tokens": 1200.0,
    }
    assert known_quantities(LLAMA_CPP) == {
        "prompt_tokens": 120.0,
        "output_tokens": 64.0,
        "requests_running": 1.0,
        "requests_waiting": 0.0,
    }


@pytest.mark.parametrize("text", ["", "garbage", "<html>", 'vllm:num_requests_running{a="b" 3', "x{} \x00"])
def test_what_is_no_page_of_metrics_has_none(text: str) -> None:
    assert known_quantities(text) == {}
    assert list(samples("name NaN\nname +Inf\n")) == []


def test_readings_are_on_the_monotonic_clock_and_null_where_they_stop(page: str) -> None:
    Page.text = LLAMA_CPP
    probe = ServerMetrics({"": Source(page, {}), "b": Source(page, {})})
    probe.open({"": None})
    before = time.monotonic_ns()
    first = {r.quantity: r for r in probe.sample()}
    assert first["server.output_tokens"].value == first["server.b.output_tokens"].value == 64
    assert before <= first["server.output_tokens"].at_ns <= time.monotonic_ns()
    Page.text = ""
    later = list(probe.sample())
    assert {(r.value, r.missing) for r in later} == {(None, Missing.NOT_REPORTED)}
    probe.close()


def test_a_server_without_metrics_has_no_readings(page: str) -> None:
    Page.text = ""
    probe = ServerMetrics({"": Source(page, {}), "gone": Source("http://127.0.0.1:1/metrics", {})})
    probe.open({"": None})
    assert list(probe.sample()) == []
    probe.close()
