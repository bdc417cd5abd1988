"""The cost of a deployment in footage, as text with figures."""

from collections.abc import Iterator
from typing import Any

from kvs_edge.configuration import DOCUMENTED_DEFAULTS, EdgeConfig, hub_name, hub_of
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.instants import utc

RETENTION, AFTER_UPLOAD = "EdgeRetentionInHours", "DeleteAfterUpload"


def of_deletion(config: EdgeConfig, uploader: Job | None) -> tuple[str, ...]:
    """Return what is lost on the hub that has the configuration, if a deployment deletes it."""
    size = _size(config)
    limit = f"up to {_hours(_retention(config))} of recording" + ("" if size is None else f", at most {size:,} MB")
    lost = f"media on {hub_name(hub_of(config))} that are not uploaded yet are deleted and lost: {limit}"
    return lost, _uploader(config, uploader)


def _uploader(config: EdgeConfig, job: Job | None) -> str:
    if job is None:
        scheduled = "" if "UploaderConfig" in config else ", and there is no UploaderConfig"
        return f"the service does not report the last upload{scheduled}"
    since = job.updated or job.collected
    when = f" at {utc(since)}" if since else ""
    if job.is_success:
        return f"its uploader last succeeded{when}"
    return f"its uploader last failed{when} with {job.status}: {job.details or 'no details'}"


def of_update(live: EdgeConfig, declared: EdgeConfig) -> tuple[str, ...]:
    """Return what the declared configuration deletes at the hub and the live configuration keeps."""
    return (*_by_age(live, declared), *_by_size(live, declared), *_by_upload(live, declared))


def _by_age(live: EdgeConfig, declared: EdgeConfig) -> Iterator[str]:
    before, after = _retention(live), _retention(declared)
    if after < before:
        yield (
            f"media older than {_hours(after)} are deleted at the hub, uploaded or not; the limit was {_hours(before)}"
        )


def _by_size(live: EdgeConfig, declared: EdgeConfig) -> Iterator[str]:
    before, after = _size(live), _size(declared)
    if after is None or (before is not None and before <= after):
        return
    limit = "there was no limit" if before is None else f"the limit was {before:,} MB"
    if _deletion(declared).get("LocalSizeConfig", {}).get("StrategyOnFullSize") == "DENY_NEW_MEDIA":
        yield f"once the hub has {after:,} MB, new media are not recorded; {limit}"
    else:
        yield f"the oldest media beyond {after:,} MB are deleted at the hub, uploaded or not; {limit}"


def _by_upload(live: EdgeConfig, declared: EdgeConfig) -> Iterator[str]:
    if _deletes_after_upload(declared) and not _deletes_after_upload(live):
        yield "uploaded media are deleted at the hub; they were kept there"
    if "UploaderConfig" in live and "UploaderConfig" not in declared:
        yield (
            "no schedule uploads it any more (AWS's pages can be read as an upload every hour); media older than"
            f" {_hours(_retention(declared))} are deleted at the hub, uploaded or not"
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
    return plural(count, "hour")
