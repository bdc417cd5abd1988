"""Registry of all edge configurations, updated to the present before each access."""

from collections.abc import Iterator
from dataclasses import replace

from kvs_edge_local.edge.agent import Agent, Agents, Reports, Running, reports
from kvs_edge_local.edge.configuration import Configuration, JobStatus
from kvs_edge_local.edge.history import History
from kvs_edge_local.edge.hub import Behaviour, Hubs, thing_name
from kvs_edge_local.edge.lifecycle import SyncStatus, advance


class Registry:
    """Configurations by stream ARN, the hubs, and the histories.

    Nothing runs in the background: `advance` computes the changes up to a time. It must run before each read or change,
    so that a hub's past behaviour applies to the past. It visits only the configurations that can change by themselves:
    those that a hub has to act on, and those that an agent reports on.
    """

    def __init__(self) -> None:
        self.hubs = Hubs()
        self._configurations: dict[str, Configuration] = {}
        self._changing: dict[str, None] = {}
        self._histories: list[History] = []
        self._current: dict[str, int] = {}
        self.agents = Agents()
        self._running: dict[str, Running] = {}
        self._jobs: dict[str, Reports] = {}

    def advance(self, now: float) -> None:
        """Apply every change that is due by `now`."""
        for arn in list(self._changing):
            configuration = self._configurations[arn]
            hub = self.hubs.get(configuration.hub)
            for sync in advance(configuration.sync, hub, now, configuration.refusal):
                # Until the hub has the new configuration it reports on the one before.
                self._report(configuration, sync.since)
                self.put(replace(configuration, sync=sync))
                if sync.status is SyncStatus.IN_SYNC:
                    self._running[arn] = Running(configuration.edge_config, sync.since)
            self._report(configuration, now)
            self._settle(self._configurations[arn])

    def set_hub(self, hub: str, behaviour: Behaviour, now: float) -> None:
        """Set the hub's behaviour from `now` on."""
        self.advance(now)
        self.hubs.set(hub, behaviour, now)

    def set_agent(self, hub: str, agent: Agent, stream: str | None, now: float) -> None:
        """Set the behaviour of a hub's agent, or of its reports on one stream, from `now` on."""
        self.advance(now)
        self.agents.set(hub, replace(agent, since=now), stream)
        self._changing |= dict.fromkeys(known.stream.arn for known in self.on_hub(hub))
        self.advance(now)

    def get(self, arn: str) -> Configuration | None:
        """Return the configuration of the stream with that ARN."""
        return self._configurations.get(arn)

    def on_hub(self, hub: str) -> Iterator[Configuration]:
        """Yield the configurations on the hub of that thing name or ARN."""
        return (known for known in self._configurations.values() if thing_name(known.hub) == thing_name(hub))

    def begin(self, configuration: Configuration, principal: str) -> None:
        """Store a started configuration, and start its history."""
        arn = configuration.stream.arn
        self._configurations[arn] = configuration
        self._changing[arn] = None
        self._current[arn] = len(self._histories)
        sync = configuration.sync
        self._histories.append(
            History(
                stream_name=configuration.stream.name,
                stream_arn=arn,
                edge_config=configuration.edge_config,
                started=sync.started,
                started_by=principal,
                reached=((sync.status, sync.since),),
            )
        )

    def put(self, configuration: Configuration) -> None:
        """Store a configuration's new status."""
        arn, sync = configuration.stream.arn, configuration.sync
        self._configurations[arn] = configuration
        self._changing[arn] = None
        index = self._current[arn]
        self._histories[index] = self._histories[index].reaching(sync.status, sync.since)

    def drop(self, arn: str, now: float) -> None:
        """Remove the configuration at once, with its stream."""
        configuration = self._configurations.get(arn)
        if configuration is not None:
            gone = replace(configuration.sync, status=SyncStatus.GONE, since=now)
            self.put(replace(configuration, sync=gone))
            self._forget(arn)

    def count_poll(self, arn: str) -> None:
        """Count an answered Describe."""
        index = self._current[arn]
        self._histories[index] = self._histories[index].polled()

    def histories(self) -> tuple[History, ...]:
        """Return every configuration so far, in the order of the Starts."""
        return tuple(self._histories)

    def jobs(self, arn: str) -> Reports:
        """Return the last results of the stream's recorder and uploader jobs."""
        return self._jobs.get(arn, (None, None))

    def set_jobs(self, stream: str, recorder: JobStatus | None, uploader: JobStatus | None) -> None:
        """Set the last job results of a stream (name or ARN) that has a configuration."""
        arns = [arn for arn, known in self._configurations.items() if stream in {arn, known.stream.name}]
        if not arns:
            raise ValueError(f"stream {stream!r} has no edge configuration: start one first")
        self._jobs |= dict.fromkeys(arns, (recorder, uploader))

    def _settle(self, configuration: Configuration) -> None:
        """Stop visiting a configuration that no longer changes by itself, and forget it if it is gone."""
        arn, sync = configuration.stream.arn, configuration.sync
        if sync.status is SyncStatus.GONE:
            self._forget(arn)
        elif sync.ended and self.agents.get(configuration.hub, configuration.stream.name).is_silent:
            del self._changing[arn]

    def _forget(self, arn: str) -> None:
        del self._configurations[arn], self._changing[arn]
        self._jobs.pop(arn, None)
        self._running.pop(arn, None)

    def _report(self, configuration: Configuration, now: float) -> None:
        arn, hub = configuration.stream.arn, self.hubs.get(configuration.hub)
        running = self._running.get(arn)
        if running is not None and hub.reachable:
            agent = self.agents.get(configuration.hub, configuration.stream.name)
            self._jobs[arn] = reports(agent, running, hub.since, now, self.jobs(arn))
