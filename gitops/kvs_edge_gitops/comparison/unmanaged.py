"""Configurations on declared hubs that no file declares, and which of them look like a rename. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kvs_edge.configuration import EdgeConfig, differences
from kvs_edge.observed import Found
from kvs_edge_gitops.comparison.present import Key, Present
from kvs_edge_gitops.comparison.values import Compared, Kind

SECRET_FIELD = "RecorderConfig.MediaSourceConfig.MediaUriSecretArn"  # noqa: S105 # a field's name
_STAYS = (
    "no file declares it: a deployment leaves its configuration, and its hub goes on recording, unless the stack that"
    " made it has DESTROY for it"
)
_GOES = "no file declares it, and it is being deleted"


def unmanaged_streams(declared: Sequence[Compared], present: Present) -> list[Compared]:
    """The configurations that no file declares, hub by hub."""
    names = {(one.region, one.stream) for one in declared}
    created: Mapping[Key, list[Compared]] = defaultdict(list)
    for one in declared:
        if one.kind is Kind.CREATE:
            created[one.region, one.hub].append(one)
    unmanaged: list[Compared] = []
    for key, configurations in present.on_hubs.items():
        strange = [found for found in configurations if (key[0], found.stream_name) not in names]
        new = created.get(key, [])
        is_one_for_one = len(strange) == len(new) == 1
        unmanaged.extend(_of(found, key, new, is_one_for_one=is_one_for_one) for found in strange)
    return unmanaged


def _of(found: Found, key: Key, created: Sequence[Compared], *, is_one_for_one: bool) -> Compared:
    region, hub = key
    renamed = _renames(found, region, created, is_one_for_one=is_one_for_one)
    notes = (_GOES,) if found.status.deleting else (_STAYS, *renamed)
    return Compared(Kind.UNMANAGED, found.stream_name, region, hub, found, notes=notes)


def _renames(found: Found, region: str, created: Sequence[Compared], *, is_one_for_one: bool) -> Iterator[str]:
    for one in created:
        config = one.declared.config if one.declared else {}
        if likeness := _likeness(found.config, config, is_one_for_one=is_one_for_one):
            command = f"aws kinesisvideo delete-edge-configuration --stream-name {found.stream_name} --region {region}"
            yield (
                f"{likeness} {one.stream}, which is to be created on the same hub: this looks like a rename. Both"
                " record the same camera then, until the old one is deleted by hand, and with it its footage at the"
                f" hub: {command}"
            )


def _likeness(old: EdgeConfig, new: EdgeConfig, *, is_one_for_one: bool) -> str:
    """Cameras of a hub are often configured alike, so that alone says something only where there is no choice."""
    fields = {one.field for one in differences(old, new)}
    if SECRET_FIELD not in fields:
        return "it has the camera secret of"
    return "but for the secret it is configured as" if is_one_for_one and fields == {SECRET_FIELD} else ""
