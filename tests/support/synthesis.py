"""Synthesis of templates as `cdk synth` does it."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack

from cdk_kvs_edge import EdgeConfigurationProvider, StreamEdgeConfiguration
from support.declarations import hub_arn, media_secret

PROVIDER_STACK = "edge-provider"
LARGE_PROVIDER_STACK = "large-provider"
"""Stack of a provider with so many edge configurations that their ticks are short."""

_MANY = 6
"""More edge configurations than a provider lets stay."""

Template = dict[str, Any]
Declare = Callable[[Stack, EdgeConfigurationProvider | None], None]


class Synthesizer:
    """Synthesizer of templates, each app in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()

    def templates(
        self, name: str, declare: Declare, *, own_provider: bool, provider_stack: str = PROVIDER_STACK
    ) -> tuple[Template, Template]:
        """Return the stack's template, and the template of its provider's stack (empty if it has its own provider)."""
        app = App(
            analytics_reporting=False,
            outdir=str(self._folder / str(next(self._numbers))),
            context={"aws:cdk:disable-asset-staging": True},
        )
        provider = None if own_provider else EdgeConfigurationProvider(Stack(app, provider_stack), "Provider")
        declare(Stack(app, name), provider)
        assembly = app.synth()
        shared = {} if own_provider else assembly.get_stack_by_name(provider_stack).template
        return assembly.get_stack_by_name(name).template, shared

    def large_provider(self, region: str) -> Template:
        """Return the template of LARGE_PROVIDER_STACK."""

        def declare(scope: Stack, provider: EdgeConfigurationProvider | None) -> None:
            for number in range(_MANY):
                StreamEdgeConfiguration(
                    scope,
                    f"Edge{number}",
                    stream=f"stream-{number}",
                    hub_device_arn=hub_arn(region=region),
                    media_uri_secret=media_secret(region=region),
                    provider=provider,
                )

        _, shared = self.templates("large", declare, own_provider=False, provider_stack=LARGE_PROVIDER_STACK)
        return shared
