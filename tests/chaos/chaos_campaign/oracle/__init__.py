"""The oracle: what must hold after each lifecycle, from the documentation and not from the handler's code."""

from collections.abc import Callable, Iterator

from chaos_campaign.oracle import answers, deletes, endings, writes
from chaos_campaign.oracle.verdict import Verdict
from chaos_campaign.world import World

_RULES: tuple[Callable[[World], Iterator[Verdict]], ...] = (
    deletes.without_leave,
    deletes.of_older_footage,
    deletes.of_a_declared_stream,
    writes.late,
    writes.needless,
    writes.fights,
    answers.contradicting,
    answers.missing,
    answers.too_large,
    answers.unseen,
    endings.orphans,
    endings.not_as_believed,
    endings.stuck,
    endings.crashed,
)


def judge(world: World) -> list[Verdict]:
    """Return everything in a lifecycle that must not be, and what was let pass as unavoidable."""
    return [verdict for rule in _RULES for verdict in rule(world)]
