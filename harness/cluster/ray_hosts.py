"""The labelled hosts of a Ray cluster: nodes with a resource ``host:LABEL``. Nothing else imports Ray."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from ..errors import Unavailable, UsageError
from ..processes.json_lines import dump, load
from .hosts import Ended
from .on_host import record_on_host
from .order import Answer, Order

RESOURCE = "host:"
_LOCAL = "local"
"""The label of this machine where Ray is started for the one command."""

_ANSWERS_WITHIN_S = 20
_FRAME, _SETTINGS = 9, b"\x04"
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + _SETTINGS + bytes(5)
"""What a client of HTTP/2 says first, with an empty frame of settings; servers, as Ray's are, answer with theirs."""

_RAYS_SETTINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS_SKIP_REGEX": "."}
"""Ray reports to nobody, and prints nothing of its own between our lines; it reads both when it is imported."""


class RayHosts:
    """A ``Hosts`` that is connected to a cluster; see ``connected``."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._record = ray.remote(record_on_host)
        self._placed: dict[Any, str] = {}

    def labelled(self) -> frozenset[str]:
        found = self._ray.cluster_resources()
        return frozenset(name.removeprefix(RESOURCE) for name in found if name.startswith(RESOURCE))

    def place(self, order: Order) -> None:
        chosen = self._record.options(num_cpus=0, resources={RESOURCE + order.host: 1}, max_retries=0)
        self._placed[chosen.remote(dump(order))] = order.block

    def ended(self, within_s: float) -> Sequence[Ended]:
        if not self._placed:
            return ()
        ready, _ = self._ray.wait(list(self._placed), num_returns=1, timeout=within_s)
        return [self._ended(self._placed.pop(one), one) for one in ready]

    def _ended(self, block: str, reference: Any) -> Ended:
        errors = self._ray.exceptions
        try:
            line, pack = self._ray.get(reference)
        except errors.RayTaskError as error:
            cause = error.cause
            return Ended(block, Answer(refused=f"Ray could not begin it there: {type(cause).__name__}: {cause}"))
        except errors.RayError as error:
            return Ended(block, lost=type(error).__name__)
        answer = load(Answer, line)
        return Ended(block, lost=answer.lost) if answer.lost else Ended(block, answer, pack)

    def withdraw(self, block: str) -> None:
        for reference in [one for one, placed in self._placed.items() if placed == block]:
            del self._placed[reference]
            self._ray.cancel(reference, force=True)


@contextmanager
def connected(on: str) -> Iterator[RayHosts]:
    """Connects to ``ray``, which is the cluster of RAY_ADDRESS, the one that runs here, or one begun for this command;
    or to ``ray://HOST:PORT``.

    Raises ``Unavailable`` where Ray is not installed or the cluster cannot be reached, ``UsageError`` for another name.
    """
    address = _address(on)
    for name, value in _RAYS_SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.exceptions
    except ModuleNotFoundError as error:
        raise Unavailable(
            f"--on {on} needs Ray, and {error.name} is not installed; install this project with its extra named ray"
        ) from None
    try:
        _answer(address)
        _connect(ray, address)
    except (OSError, RuntimeError, ValueError) as error:
        said = next(iter(str(error).splitlines()), type(error).__name__)
        raise Unavailable(f"the cluster at {address} cannot be reached: {said}") from None
    try:
        yield RayHosts(ray)
    finally:
        ray.shutdown()


def _address(on: str) -> str:
    """The address of the cluster. Raises ``UsageError`` for one without a host and a port."""
    if on == "ray":
        return os.environ.get("RAY_ADDRESS") or "auto"
    try:
        parts = urlsplit(on)
        whole = parts.scheme == "ray" and bool(parts.hostname) and bool(parts.port)
        whole = whole and not (parts.path or parts.query or parts.fragment or parts.username)
    except ValueError:
        whole = False
    if not whole or on.split() != [on]:
        raise UsageError(f"--on {on[:100]!r} is not known; use ray, or ray://HOST:PORT")
    return on


def _answer(address: str) -> None:
    """Raises ``OSError`` where nobody at ``HOST:PORT`` answers as Ray does: it would try for minutes."""
    parts = urlsplit(address if "://" in address else f"//{address}")
    if not (parts.hostname and parts.port):
        return
    with socket.create_connection((parts.hostname, parts.port), timeout=_ANSWERS_WITHIN_S) as server:
        if os.environ.get("RAY_USE_TLS", "0") == "0":
            server.sendall(_PREFACE)
            if server.recv(_FRAME, socket.MSG_WAITALL)[3:4] != _SETTINGS:
                raise OSError("what answers there is no Ray")


def _connect(ray: Any, address: str) -> None:
    """Connects; where no cluster runs on this machine, and none is named, to a new one with this machine alone."""
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    try:
        ray.init(address, **quiet)
    except ConnectionError:
        if address != "auto":
            raise
        ray.init("local", resources={RESOURCE + _LOCAL: 1}, include_dashboard=False, **quiet)
