"""Configurations on hubs that no file declares, and which of them look like a rename. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kvs_edge.configuration import EdgeConfig, differences
from kvs_edge.observed import Found
from kvs_edge_gitops.comparison.former import Before, Former
from kvs_edge_gitops.comparison.present import Key, Present
from kvs_edge_gitops.comparison.values import Compared, Kind

SECRET_FIELD = "RecorderConfig.MediaSourceConfig.MediaUriSecretArn"  # noqa: S105 # a field's name
_STAYS = (
    "no file declares it: a deployment leaves its configuration, and its hub goes on recording, unless the stack that"
    " made it has DESTROY for it"
)
_RECORDS = "its hub goes on recording"
_GOES = "no file declares it, and it is being deleted"


class Newcomers:
    """What no file declares on each hub, beside what is to be created there."""

    def __init__(self, declared: Sequence[Compared], present: Present) -> None:
        names = {(one.region, one.stream) for one in declared}
        self.strange: dict[Key, list[Found]] = {
            key: [found for found in configurations if (key[0], found.stream_name) not in names]
            for key, configurations in present.on_hubs.items()
        }
        self._created: Mapping[Key, list[Compared]] = defaultdict(list)
        for one in declared:
            if one.kind is Kind.CREATE:
                self._created[one.region, one.hub].append(one)

    def renames(self, found: Found, key: Key, policy: str = "") -> Iterator[str]:
        """That it looks like a rename; `policy` is what the stack does about the old one, where that is known."""
        new = self._created.get(key, [])
        is_one_for_one = len(self.strange.get(key, ())) == len(new) == 1
        for one in new:
            config = one.declared.config if one.declared else {}
            if likeness := _likeness(found.config, config, is_one_for_one=is_one_for_one):
                head = f"{likeness} {one.stream}, which is to be created on the same hub: this looks like a rename. "
                yield head + _renamed(found.stream_name, key[0], policy)


def unmanaged_streams(newcomers: Newcomers, before: Before | None) -> Iterator[Compared]:
    """The configurations that no file declares, hub by hub, without those that a deployment deletes."""
    for key, strange in newcomers.strange.items():
        for found in strange:
            former = before.of(key[0], found.stream_name) if before else None
            if former is None or before is None or not before.deletes(former):
                yield unmanaged(found, key, newcomers, before, former)


def unmanaged(found: Found, key: Key, newcomers: Newcomers, before: Before | None, former: Former | None) -> Compared:
    """One of them, with what is known of who made it."""
    region, hub = key
    policy = "RETAIN" if former and before and before.is_deployed(former) else ""
    stays = _stays(before, former)
    notes = (_GOES,) if found.status.deleting else (*stays, *newcomers.renames(found, key, policy))
    return Compared(Kind.UNMANAGED, found.stream_name, region, hub, found, notes=notes, former=former)


def _stays(before: Before | None, former: Former | None) -> Iterator[str]:
    if before is None:
        yield _STAYS
    elif former is None:
        yield f"no file declares it, nor did one: a deployment leaves its configuration, and {_RECORDS}"
    elif not before.is_deployed(former):
        yield f"{former.place} declared it, and the stack of that file stays: {_RECORDS}"
    else:
        yield f"{former.place} declared it, with RETAIN: a deployment leaves configuration and footage, and {_RECORDS}"
        if former.makes:
            yield "the stream that its stack made stays with its media, and belongs to no stack until you delete it"


def _renamed(stream: str, region: str, policy: str) -> str:
    if policy == "DESTROY":
        return (
            "DESTROY decides: the old one is deleted once the new one has started, and what is not uploaded is lost;"
            " keep the old entry until it is uploaded"
        )
    decides = f"{policy} decides: both" if policy else "Both"
    command = f"aws kinesisvideo delete-edge-configuration --stream-name {stream} --region {region}"
    return (
        f"{decides} record the same camera then, until the old one is deleted by hand, and with it its footage at the"
        f" hub: {command}"
    )


def _likeness(old: EdgeConfig, new: EdgeConfig, *, is_one_for_one: bool) -> str:
    """Cameras of a hub are often configured alike, so that alone says something only where there is no choice."""
    fields = {one.field for one in differences(old, new)}
    if SECRET_FIELD not in fields:
        return "it has the camera secret of"
    return "but for the secret it is configured as" if is_one_for_one and fields == {SECRET_FIELD} else ""
