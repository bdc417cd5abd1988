"""Declarations of any kind by path: edge files, templates, and cloud assemblies."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kvs_edge_preflight.files.declared_file import DeclaredFile
from kvs_edge_preflight.files.environment import Environment
from kvs_edge_preflight.files.location import UnreadableError
from kvs_edge_preflight.files.reading import Reading, combine, edge_files, parse_file
from kvs_edge_preflight.files.text import read_text
from kvs_edge_preflight.templates.assembly import AssemblyStack, assembly_stacks, is_assembly
from kvs_edge_preflight.templates.declarations import CreatedStreams, declarations
from kvs_edge_preflight.templates.errors import AssemblyError
from kvs_edge_preflight.templates.loading import Loaded, Loader, may_be_template, parse_template
from kvs_edge_preflight.templates.template import Template

_VERSION_FILE = "cdk.out"
"""A file that the CDK writes into each assembly; without a manifest, the synthesis did not end."""


@dataclass(frozen=True, eq=False)
class Source:
    """File with declarations.

    Attributes:
        file: Path of the edge file or template.
        stack: Stack of a cloud assembly that the template deploys; None for other files.
    """

    file: Path
    stack: AssemblyStack | None = None


def find_sources(paths: Iterable[Path]) -> list[Source]:
    """Return the files of paths: the templates of a cloud assembly, the files of another directory, or the file.

    A template by itself gets its account and region from the assembly beside it, if it is one of an assembly.

    Raises:
        FileNotFoundError: A path does not exist, or a directory has no file with declarations.
        AssemblyError: A cloud assembly is incomplete, or its schema is another.
    """
    found: dict[Path, Source] = {}
    for path in paths:
        for source in _sources_at(path):
            found.setdefault(source.file.resolve(), source)
    return list(found.values())


def read_sources(
    sources: Sequence[Source], done: Callable[[int], None] = lambda count: None, given: Mapping[str, str] | None = None
) -> Reading:
    """Read the declarations of files.

    Args:
        sources: The files, from `find_sources`.
        done: Called with the number of files read so far.
        given: Values of references by name, for templates: parameters, logical ids, or ``RESOURCE.ATTRIBUTE``.
    """
    reader = _Reader(given or {})
    for count, source in enumerate(sources, 1):
        reader.read(source)
        done(count)
    return combine(reader.declared())


def _sources_at(path: Path) -> Iterator[Source]:
    if is_assembly(path):
        yield from (Source(stack.template, stack) for stack in assembly_stacks(path))
    elif (path / _VERSION_FILE).is_file():
        raise AssemblyError(f"{path} is a cloud assembly without manifest.json: run cdk synth again")
    elif path.name == "cdk.out" and not path.exists():
        raise AssemblyError(f"{path} does not exist: run cdk synth, which writes it")
    else:
        yield from (Source(file, _stack_of(file)) for file in edge_files([path]))


def _stack_of(file: Path) -> AssemblyStack | None:
    """Return the stack that a template deploys, if an assembly is in its directory."""
    if not is_assembly(file.parent):
        return None
    return next((stack for stack in assembly_stacks(file.parent) if stack.template == file), None)


class _Reader:
    """Reader of several files: all templates are loaded before the first is evaluated, because they share exports."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self._read: list[DeclaredFile | Loaded] = []
        self._exports: dict[tuple[Environment, str], tuple[Template, str]] | None = None

    def read(self, source: Source) -> None:
        """Read a file."""
        try:
            text = read_text(source.file)
            root = parse_template(source.file, text) if source.stack or may_be_template(text) else None
        except UnreadableError as error:
            self._read.append(DeclaredFile(source.file, faults=[error.fault]))
            return
        if root is None:
            self._read.append(parse_file(source.file, text))
            return
        stack = source.stack
        loader = Loader(stack.construct_metadata if stack else {}, stack.assets if stack else {})
        template = Template(
            file=source.file,
            root=root,
            environment=stack.environment if stack else Environment(),
            stack=stack.name if stack else None,
            constructs=loader.constructs(source.file),
            given=self._given,
            imported=self._imported,
        )
        loader.add(template)
        self._read.append(loader.loaded)

    def declared(self) -> list[DeclaredFile]:
        """Return the declarations, in the order of the files."""
        created = CreatedStreams()
        for template in self._templates():
            created.add(template)
        return [declared for read in self._read for declared in _declared(read, created)]

    def _templates(self) -> Iterator[Template]:
        return (template for read in self._read if isinstance(read, Loaded) for template in read.templates)

    def _imported(self, environment: Environment, name: str) -> Any:
        if self._exports is None:
            self._exports = {}
            for template in self._templates():
                for export, output in template.exports():
                    self._exports[template.environment, export] = template, output
        found = self._exports.get((environment, name))
        return None if found is None else found[0].output(found[1])


def _declared(read: DeclaredFile | Loaded, created: CreatedStreams) -> Iterator[DeclaredFile]:
    if isinstance(read, DeclaredFile):
        yield read
        return
    for template in read.templates:
        declared = declarations(template, created)
        declared.notes.extend(read.notes.get(template, ()))
        yield declared
    yield from read.unreadable
