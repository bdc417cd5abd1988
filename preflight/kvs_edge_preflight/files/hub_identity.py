"""Which names and ARNs stand for one hub."""

from functools import cached_property
from itertools import chain

from kvs_edge.configuration import hub_name
from kvs_edge_preflight.files.declared_file import DeclaredFile
from kvs_edge_preflight.files.environment import PseudoParameters, common_pseudo_parameters


class HubIdentity:
    """What a hub of a file is known as, in this file and others: its ARN, as far as that is known.

    All that a file declares is in one region and account. Where it states none, the ARNs of its hubs and streams tell
    them, if they agree: those of things with the hub's name first. Where these tell nothing either, the ARN keeps its
    pseudo parameters, and a name stands for one hub in all such files: one app makes their stacks in one place.
    """

    def __init__(self, declared: DeclaredFile) -> None:
        self._declared = declared

    def __call__(self, hub: str) -> str:
        """The hub's ARN, literal if it can be; a reference is known as itself."""
        if "${AWS::" not in hub:
            return hub
        name = hub_name(hub)
        told = common_pseudo_parameters(arn for arn in self._arns if hub_name(arn) == name) or self._of_all
        return told.fill(hub) if told else hub

    @cached_property
    def _arns(self) -> tuple[str, ...]:
        streams = (stream.hub for stream in self._declared.streams)
        hubs = (hub.hub for hub in self._declared.hubs)
        return tuple(dict.fromkeys(chain(streams, hubs, self._declared.refused)))

    @cached_property
    def _of_all(self) -> PseudoParameters | None:
        streams = (stream.fact("StreamARN") for stream in self._declared.streams)
        return common_pseudo_parameters(chain(self._arns, (arn for arn in streams if isinstance(arn, str))))
