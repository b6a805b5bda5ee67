"""A block of a study on each host of a cluster, from the command to the recordings under ``data``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import Interrupted, Unavailable, UsageError
from ..execution.recording_session import Session
from ..recorder import lock
from ..recorder.durable import make_folder
from ..units import counted
from .arrival import arrive
from .hosts import Hosts
from .order import Order
from .placement import arrived, begun, folder_of, set_aside, write
from .ray_hosts import connected
from .schedule import Schedule

NO_HOST = (
    "no node of the cluster has the label of a host; start Ray on each with a label of its own: "
    "ray start --address HOST:PORT --resources '{\"host:NAME\": 1}'"
)


def run_on(
    on: str,
    session: Session,
    hosts: Sequence[str],
    data: Path,
    say: Callable[[str], None],
    *,
    again: bool,
    patience_s: float,
) -> None:
    """Records one block on each of ``hosts``, or on every labelled host of the cluster, and imports what they seal.

    Run again it goes on with the blocks that have not arrived. Raises ``UsageError`` where there is no host,
    ``Unavailable`` where a block is missing in the end, ``Interrupted`` after Ctrl-C, ``LockHeld``.
    """
    folder = folder_of(session)
    make_folder(folder)
    with lock.hold(folder / "lock", f"harness run {session.name} --on {on}"), connected(on) as cluster:
        if again:
            set_aside(session)
        _place(cluster, session, hosts, data, say, patience_s)


def _place(
    cluster: Hosts, session: Session, hosts: Sequence[str], data: Path, say: Callable[[str], None], patience_s: float
) -> None:
    before = begun(session)
    wanted = set(hosts) or cluster.labelled() | {one.host for one in before.blocks}
    if not wanted:
        raise UsageError(NO_HOST)
    placement = before.over(wanted)
    write(session, placement)
    here = arrived(data, placement, session.study.id)
    orders = placement.orders(session, wanted)
    missing = [order for order in orders if order.block not in here]
    if not missing:
        labels = ", ".join(here[order.block].label for order in orders)
        say(f"{session.name} is already recorded on {counted(len(orders), 'host')} ({labels}); --again records more.")
        return

    def take(order: Order, pack: bytes) -> None:
        label = arrive(order, pack, folder_of(session), data)
        say(f"{order.host}: its block arrived, is proven, and is {label}.")

    say(f"{session.name}: {counted(len(missing), 'block')} on {', '.join(order.host for order in missing)}.")
    schedule = Schedule(missing, cluster, take, say, patience_s)
    try:
        failures = schedule.run()
    except KeyboardInterrupt:
        raise Interrupted("stopped; what arrived is kept. Run the same command again to continue") from None
    if failures:
        raise Unavailable(
            f"{counted(len(failures), 'block')} of {len(orders)} did not arrive: {'; '.join(failures.values())}. "
            "Run the same command again to continue"
        )
