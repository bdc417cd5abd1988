"""Synthesis of templates as `cdk synth` does it."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack

from cdk_kvs_edge import EdgeConfigurationProvider

PROVIDER_STACK = "edge-provider"

Template = dict[str, Any]
Declare = Callable[[Stack, EdgeConfigurationProvider | None], None]


class Synthesizer:
    """Synthesizer of templates, each app in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()

    def templates(self, name: str, declare: Declare, *, own_provider: bool) -> tuple[Template, Template]:
        """Return the stack's template, and the template of its provider's stack (empty if it has its own provider)."""
        app = App(
            analytics_reporting=False,
            outdir=str(self._folder / str(next(self._numbers))),
            context={"aws:cdk:disable-asset-staging": True},
        )
        provider = None if own_provider else EdgeConfigurationProvider(Stack(app, PROVIDER_STACK), "Provider")
        declare(Stack(app, name), provider)
        assembly = app.synth()
        shared = {} if own_provider else assembly.get_stack_by_name(PROVIDER_STACK).template
        return assembly.get_stack_by_name(name).template, shared
