"""Protection of an execution's first final status."""

from collections.abc import Callable

from moto.stepfunctions.parser.asl.eval.environment import Environment

from kvs_edge_local.moto_patches import Patches


def keep_final_status(replacements: Patches) -> None:
    """Keep a task that fails late from changing an execution that was stopped or timed out before.

    In moto's interpreter the execution would become a failed one, also in its history.
    """
    for end in (Environment.set_error, Environment.set_timed_out):
        replacements.attribute(Environment, end.__name__, _unless_ended(end))


def _unless_ended(end: Callable[..., None]) -> Callable[..., None]:
    def guarded(self: Environment, **details: object) -> None:
        with self._state_mutex:
            if self.is_running():
                end(self, **details)

    return guarded
