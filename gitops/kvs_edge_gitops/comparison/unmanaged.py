"""Configurations on hubs that no file declares, and which of them look like a rename."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kvs_edge.configuration import EdgeConfig
from kvs_edge.observed import Found
from kvs_edge_gitops.comparison.baseline import Baseline, DeployedStream
from kvs_edge_gitops.comparison.differences import differences
from kvs_edge_gitops.comparison.live_state import Key, LiveState
from kvs_edge_gitops.comparison.model import ComparedStream, Kind

SECRET_FIELD = "RecorderConfig.MediaSourceConfig.MediaUriSecretArn"  # noqa: S105 # a field's name
_RECORDS = "its hub continues to record"
UNMANAGED_NOTE = (
    f"no file declares it: a deployment retains its configuration, and {_RECORDS}, unless the stack that created it has"
    " DESTROY for it"
)
_BEING_DELETED = "no file declares it, and it is being deleted"


class HubInventory:
    """The undeclared configurations of each hub, and the streams that are to be created there."""

    def __init__(self, declared: Sequence[ComparedStream], live: LiveState) -> None:
        names = {(stream.region, stream.stream) for stream in declared}
        self.undeclared: dict[Key, list[Found]] = {
            key: [found for found in configurations if (key[0], found.stream_name) not in names]
            for key, configurations in live.on_hubs.items()
        }
        self._created: Mapping[Key, list[ComparedStream]] = defaultdict(list)
        for stream in declared:
            if stream.kind is Kind.CREATE:
                self._created[stream.region, stream.hub].append(stream)

    def renames(self, found: Found, key: Key, policy: str = "") -> Iterator[str]:
        """Return a note for each new stream that the configuration looks like: a rename.

        Args:
            found: An undeclared configuration.
            key: Its region and hub.
            policy: The removal policy of the old stream, where it is known.
        """
        new = self._created.get(key, [])
        is_one_for_one = len(self.undeclared.get(key, ())) == len(new) == 1
        for stream in new:
            config = stream.declared.config if stream.declared else {}
            if likeness := _likeness(found.config, config, is_one_for_one=is_one_for_one):
                head = f"{likeness} {stream.stream}, which is to be created on the same hub: this looks like a rename. "
                yield head + _renamed(found.stream_name, key[0], policy)


def unmanaged_streams(inventory: HubInventory, baseline: Baseline | None) -> Iterator[ComparedStream]:
    """Return the undeclared configurations, hub by hub, without those that a deployment deletes."""
    for key, undeclared in inventory.undeclared.items():
        for found in undeclared:
            deployed = baseline.of(key[0], found.stream_name) if baseline else None
            if deployed is None or baseline is None or not baseline.deletes(deployed):
                yield unmanaged(found, key, inventory, baseline, deployed)


def unmanaged(
    found: Found, key: Key, inventory: HubInventory, baseline: Baseline | None, deployed: DeployedStream | None
) -> ComparedStream:
    """Return an undeclared configuration, with what the baseline says about it."""
    region, hub = key
    policy = "RETAIN" if deployed and baseline and baseline.is_deployed(deployed) else ""
    stays = _stays(baseline, deployed)
    notes = (_BEING_DELETED,) if found.status.deleting else (*stays, *inventory.renames(found, key, policy))
    return ComparedStream(Kind.UNMANAGED, found.stream_name, region, hub, found, notes=notes, deployed=deployed)


def _stays(baseline: Baseline | None, deployed: DeployedStream | None) -> Iterator[str]:
    if baseline is None:
        yield UNMANAGED_NOTE
    elif deployed is None:
        yield f"no file declares it, before or after: a deployment retains its configuration, and {_RECORDS}"
    elif not baseline.is_deployed(deployed):
        yield f"{deployed.place} declared it, and the stack of that file stays: {_RECORDS}"
    else:
        yield f"{deployed.place} declared it with RETAIN: configuration and footage stay, and {_RECORDS}"
        if deployed.is_created:
            yield "the stream that its stack created stays with its media, and belongs to no stack until you delete it"


def _renamed(stream: str, region: str, policy: str) -> str:
    if policy == "DESTROY":
        return (
            "With DESTROY, the old stream is deleted once the new one has started, and footage that is not uploaded is"
            " lost; keep the old entry until it is uploaded"
        )
    subject = f"With {policy}, both" if policy else "Both"
    command = f"aws kinesisvideo delete-edge-configuration --stream-name {stream} --region {region}"
    return (
        f"{subject} record the same camera until you delete the old configuration, and with it its footage at the hub:"
        f" {command}"
    )


def _likeness(old: EdgeConfig, new: EdgeConfig, *, is_one_for_one: bool) -> str:
    """Return how two configurations are alike; cameras of a hub often are, so that counts only for a single pair."""
    fields = {difference.field for difference in differences(old, new)}
    if SECRET_FIELD not in fields:
        return "it has the camera secret of"
    return "except for the secret, it has the configuration of" if is_one_for_one and fields == {SECRET_FIELD} else ""
