"""Loading of templates with their nested stacks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.declared_file import DeclaredFile
from kvs_edge_preflight.files.json_reader import read_json
from kvs_edge_preflight.files.location import FileFault, Located, UnreadableError, dotted
from kvs_edge_preflight.files.text import read_text
from kvs_edge_preflight.templates.constructs import construct_paths
from kvs_edge_preflight.templates.scope import mapping
from kvs_edge_preflight.templates.template import Template, nested_stacks
from kvs_edge_preflight.templates.yaml_reader import read_template_yaml

_TEMPLATE = re.compile(r"""^[ \t]*["']?Resources["']?[ \t]*:|[{,]\s*"Resources"\s*:""", re.MULTILINE)
_MAX_NESTING = 10


@dataclass(eq=False)
class Loaded:
    """Template with its nested stacks, the parent first.

    Attributes:
        templates: The templates that could be read.
        unreadable: Files of nested stacks that could not be read.
        notes: Notes on nested stacks that are not on this machine, by template.
    """

    templates: list[Template] = field(default_factory=list)
    unreadable: list[DeclaredFile] = field(default_factory=list)
    notes: dict[Template, list[FileFault]] = field(default_factory=dict)


def may_be_template(text: str) -> bool:
    """Return whether a text has a key Resources, so that it is worth to parse it as a template."""
    return _TEMPLATE.search(text) is not None


def parse_template(file: Path, text: str) -> Located | None:
    """Return the content of a template; None if the text is not a template.

    Raises:
        UnreadableError: The text is neither YAML nor JSON.
    """
    # Faults of values are left to CloudFormation: a template has fields that this package does not know.
    builder = Builder()
    is_json = file.suffix.lower() == ".json" or text.lstrip().startswith("{")
    root = (read_json if is_json else read_template_yaml)(text, builder)
    return root if isinstance(mapping(root.value).get("Resources"), Mapping) else None


class Loader:
    """Loader of one stack's template and of the nested stacks that it declares."""

    def __init__(self, metadata: Mapping[str, Any], assets: Mapping[str, Path]) -> None:
        self._constructs = construct_paths(metadata)
        self._assets = assets
        self.loaded = Loaded()

    def add(self, template: Template) -> None:
        """Add a template, and load its nested stacks."""
        self.loaded.templates.append(template)
        for logical_id, resource in nested_stacks(template):
            file = self._file(template, resource)
            if file is None or _depth(template) >= _MAX_NESTING:
                self._note(template, logical_id, resource)
            else:
                self._load(template, logical_id, file)

    def constructs(self, file: Path) -> Mapping[str, str]:
        """Return the paths of the constructs in a template, by logical id."""
        return self._constructs.get(file.name) or self._constructs.get("") or {}

    def _load(self, parent: Template, logical_id: str, file: Path) -> None:
        try:
            root = parse_template(file, read_text(file))
        except UnreadableError as error:
            self.loaded.unreadable.append(DeclaredFile(file, faults=[error.fault]))
            return
        nested = Template(
            file=file,
            root=root or Located({}, parent.root.place),
            environment=parent.environment,
            parent=(parent, logical_id),
            constructs=self.constructs(file),
            given=parent.given,
            imported=parent.imported,
        )
        parent.nested[logical_id] = nested
        self.add(nested)

    def _file(self, template: Template, resource: Mapping[str, Any]) -> Path | None:
        """Return the file of a nested stack: by the CDK's metadata, by its key as an asset, or by a relative path."""
        asset = mapping(resource.get("Metadata")).get("aws:asset:path")
        url = template.evaluate(mapping(resource.get("Properties")).get("TemplateURL"))
        if isinstance(asset, str):
            return template.file.parent / asset
        # The URL of an asset has a suffix that may be known only at deployment, in a Fn::Sub.
        url = url if isinstance(url, str) else getattr(url, "name", "")
        if (key := url.rpartition("/")[2]) in self._assets:
            return self._assets[key]
        return (
            template.file.parent / url if url and "://" not in url and (template.file.parent / url).is_file() else None
        )

    def _note(self, template: Template, logical_id: str, resource: Mapping[str, Any]) -> None:
        path = ("Resources", logical_id)
        note = FileFault(
            FileCode.NOT_READ,
            f"the template of the nested stack {logical_id} is not a file beside this template, so its edge"
            " configurations are not read: pass its file, too",
            template.root.at(path),
            dotted(path),
            construct=template.construct(logical_id),
        )
        self.loaded.notes.setdefault(template, []).append(note)


def _depth(template: Template) -> int:
    depth = 0
    while template.parent is not None:
        template, depth = template.parent[0], depth + 1
    return depth
