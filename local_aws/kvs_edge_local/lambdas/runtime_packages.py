"""Packages of Lambda's Python runtime besides the standard library, and no others."""

from importlib import metadata
from pathlib import Path

DISTRIBUTIONS = (
    "awslambdaric",
    "boto3",
    "botocore",
    "jmespath",
    "python-dateutil",
    "s3transfer",
    "simplejson",
    "six",
    "snapshot-restore-py",
    "urllib3",
)


def link_packages(folder: Path) -> None:
    """Fill a folder with links to those packages, for an import path.

    This environment's site-packages would hide a dependency that is missing from the function's zip.
    """
    folder.mkdir(parents=True)
    for name in DISTRIBUTIONS:
        for entry, target in _top_level(name).items():
            (folder / entry).symlink_to(target)


def _top_level(distribution_name: str) -> dict[str, Path]:
    """Return a distribution's packages, modules and metadata: its entries in site-packages itself."""
    try:
        distribution = metadata.distribution(distribution_name)
    except metadata.PackageNotFoundError as missing:
        message = f"{distribution_name} is part of Lambda's runtime: pip install 'cdk-kvs-edge[local]'"
        raise RuntimeError(message) from missing
    entries = {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}
    return {entry: Path(str(distribution.locate_file(entry))) for entry in sorted(entries)}
