"""The preflights of a session: servers that somebody else runs are asked what they accept before it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..backends import BACKENDS
from ..canonical_json import canonical_json
from ..design import Planned, Study
from ..design.settings import ServerSettings
from ..errors import Unavailable
from ..preflight import Preflight, preflight
from ..protocols import Foreign
from ..protocols.run_spec import RunSpec

Tell = Callable[[Preflight], None]


@dataclass(frozen=True, slots=True)
class Preflights:
    """What was found of each server, by what a run asks of it; ``failures`` are those that cannot be measured."""

    found: Mapping[bytes, Preflight] = field(default_factory=dict)
    failures: Mapping[bytes, str] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether any server was asked."""
        return bool(self.found or self.failures)

    def serves(self, servers: Iterable[ServerSettings]) -> bool:
        """Whether all ``servers`` were there before the first run."""
        return all(_key(server) in self.found for server in servers)

    def applied(self, spec: RunSpec) -> RunSpec:
        """``spec`` with what its servers accept, and with the findings as facts."""
        agreed, facts = {}, {}
        for server in spec.settings.servers:
            found = self.found.get(_key(server))
            if found is not None:
                scope = f"{server.name}." if server.name else ""
                agreed[server.name] = dict(found.agreed)
                facts.update({f"{scope}{name}": value for name, value in found.facts().items()})
        return replace(spec, agreed=agreed, preflight=facts)


NOTHING_ASKED = Preflights()


def preflights(study: Study, planned: Iterable[Planned], tell: Tell = lambda _: None) -> Preflights:
    """Asks every server that the ``planned`` runs need, once.

    A server that only some of them need may fail: their runs say so. Raises ``Unavailable`` where each needs one that
    fails.
    """
    found: dict[bytes, Preflight] = {}
    failures: dict[bytes, str] = {}
    left = 0
    for servers in (study.run_settings(item.cell).servers for item in planned):
        foreign = [server for server in servers if is_foreign(server)]
        for server in foreign:
            key = _key(server)
            if key in found or key in failures:
                continue
            try:
                found[key] = preflight(server.backend, server.model, server.engine)
            except Unavailable as error:
                failures[key] = str(error)
            else:
                tell(found[key])
        left += not any(_key(server) in failures for server in foreign)
    if failures and not left:
        raise Unavailable(next(iter(failures.values())))
    return Preflights(found, failures)


def is_foreign(server: ServerSettings) -> bool:
    """Whether somebody else runs a server: it may go away and come back."""
    return issubclass(BACKENDS.load(server.backend), Foreign)


def _key(server: ServerSettings) -> bytes:
    return canonical_json([server.backend, server.model, server.engine])
