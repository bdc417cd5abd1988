"""What a deployment costs in footage, in words and figures. Pure."""

from collections.abc import Iterator
from typing import Any

from kvs_edge.configuration import DOCUMENTED_DEFAULTS, EdgeConfig, hub_name, hub_of
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.seen import Job

RETENTION, AFTER_UPLOAD = "EdgeRetentionInHours", "DeleteAfterUpload"


def of_deletion(config: EdgeConfig, uploader: Job | None) -> tuple[str, ...]:
    """What is lost on the hub that has the configuration now, where a deployment deletes it."""
    size = _size(config)
    bound = f"up to {_hours(_retention(config))} of recording" + ("" if size is None else f", {size:,} MB at most")
    lost = f"what {hub_name(hub_of(config))} has recorded and not uploaded yet is deleted and lost: {bound}"
    return lost, _uploader(config, uploader)


def _uploader(config: EdgeConfig, job: Job | None) -> str:
    if job is None:
        scheduled = "" if "UploaderConfig" in config else ", and there is no UploaderConfig"
        return f"the service does not tell when it was last uploaded{scheduled}"
    since = job.updated or job.collected
    when = f" at {utc(since)}" if since else ""
    if job.is_well:
        return f"its uploader last succeeded{when}"
    return f"its uploader last failed{when} with {job.status}: {job.details or 'no details'}"


def of_change(now: EdgeConfig, declared: EdgeConfig) -> tuple[str, ...]:
    """What the declared configuration deletes at the hub that the present one keeps."""
    return (*_by_age(now, declared), *_by_size(now, declared), *_by_upload(now, declared))


def _by_age(now: EdgeConfig, declared: EdgeConfig) -> Iterator[str]:
    before, after = _retention(now), _retention(declared)
    if after < before:
        so_far = f"so far {_hours(before)} are kept"
        yield f"what is older than {_hours(after)} is deleted at the hub, uploaded or not; {so_far}"


def _by_size(now: EdgeConfig, declared: EdgeConfig) -> Iterator[str]:
    before, after = _size(now), _size(declared)
    if after is None or (before is not None and before <= after):
        return
    so_far = "so far there is no limit" if before is None else f"so far {before:,} MB are kept"
    if _deletion(declared).get("LocalSizeConfig", {}).get("StrategyOnFullSize") == "DENY_NEW_MEDIA":
        yield f"what comes once the hub has {after:,} MB is not recorded; {so_far}"
    else:
        yield f"the oldest beyond {after:,} MB is deleted at the hub, uploaded or not; {so_far}"


def _by_upload(now: EdgeConfig, declared: EdgeConfig) -> Iterator[str]:
    if _deletes_after_upload(declared) and not _deletes_after_upload(now):
        yield "what is uploaded is deleted at the hub; so far it is kept there"
    if "UploaderConfig" in now and "UploaderConfig" not in declared:
        yield (
            "no schedule uploads it any more, and AWS's pages can be read as an upload every hour; what is older than"
            f" {_hours(_retention(declared))} is deleted at the hub, uploaded or not"
        )


def _deletion(config: EdgeConfig) -> Any:
    return config.get("DeletionConfig", {})


def _retention(config: EdgeConfig) -> int:
    return int(_deletion(config).get(RETENTION, DOCUMENTED_DEFAULTS[f"DeletionConfig.{RETENTION}"]))


def _deletes_after_upload(config: EdgeConfig) -> bool:
    return bool(_deletion(config).get(AFTER_UPLOAD, DOCUMENTED_DEFAULTS[f"DeletionConfig.{AFTER_UPLOAD}"]))


def _size(config: EdgeConfig) -> int | None:
    size = _deletion(config).get("LocalSizeConfig", {}).get("MaxLocalMediaSizeInMB")
    return None if size is None else int(size)


def _hours(count: int) -> str:
    return f"{count} hour{'' if count == 1 else 's'}"
