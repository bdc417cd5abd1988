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

OTHER_PROVIDER_STACK = "other-provider"
"""Stack of a provider for tests whose faults concern all users of its functions."""

_CONFIGURATIONS = {LARGE_PROVIDER_STACK: 6, OTHER_PROVIDER_STACK: 1}
"""Edge configurations of a provider. The ticks of more than five are short."""

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

    def provider(self, stack: str, region: str) -> Template:
        """Return the template of LARGE_PROVIDER_STACK or OTHER_PROVIDER_STACK."""

        def declare(scope: Stack, provider: EdgeConfigurationProvider | None) -> None:
            for number in range(_CONFIGURATIONS[stack]):
                StreamEdgeConfiguration(
                    scope,
                    f"Edge{number}",
                    stream=f"stream-{number}",
                    hub_device_arn=hub_arn(region=region),
                    media_uri_secret=media_secret(region=region),
                    provider=provider,
                )

        _, shared = self.templates("streams", declare, own_provider=False, provider_stack=stack)
        return shared
