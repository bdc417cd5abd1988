"""Identity of hubs across names and ARNs."""

from functools import cached_property
from itertools import chain

from kvs_edge.configuration import hub_name
from kvs_edge_preflight.files.declared_file import DeclaredFile
from kvs_edge_preflight.files.environment import PseudoParameters, common_pseudo_parameters


class HubIdentity:
    """Identity of the hubs of a file, the same in all files: the ARN, as literal as possible.

    All declarations of a file are in one region and account. If the file does not state them, they come from the ARNs
    of its hubs and streams, if these agree; ARNs of the same hub name take precedence. Otherwise the ARN keeps its
    pseudo parameters, and a name is the same hub in all such files: one app deploys their stacks to one environment.
    """

    def __init__(self, declared: DeclaredFile) -> None:
        self._declared = declared

    def __call__(self, hub: str) -> str:
        """Return the hub's ARN, literal if possible; a reference is its own identity."""
        if "${AWS::" not in hub:
            return hub
        name = hub_name(hub)
        known = common_pseudo_parameters(arn for arn in self._arns if hub_name(arn) == name) or self._of_all
        return known.fill(hub) if known else hub

    @cached_property
    def _arns(self) -> tuple[str, ...]:
        streams = (stream.hub for stream in self._declared.streams)
        hubs = (hub.hub for hub in self._declared.hubs)
        return tuple(dict.fromkeys(chain(streams, hubs, self._declared.refused)))

    @cached_property
    def _of_all(self) -> PseudoParameters | None:
        streams = (stream.fact("StreamARN") for stream in self._declared.streams)
        return common_pseudo_parameters(chain(self._arns, (arn for arn in streams if isinstance(arn, str))))
