"""Edge configurations of Amazon Kinesis Video Streams as constructs of the AWS CDK."""

from cdk_kvs_edge.agent_metrics import AgentDimensions, MetricOptions
from cdk_kvs_edge.deployment import DeploymentOptions, HubMove, WaitFor
from cdk_kvs_edge.edge_config import MediaUriType, ScheduleConfig, StrategyOnFullSize
from cdk_kvs_edge.fleet import EdgeFleet, FleetOptions, Referable, StackOptions
from cdk_kvs_edge.granting import IStreamEdgeConfiguration
from cdk_kvs_edge.monitor import EdgeMonitor, MonitorOptions
from cdk_kvs_edge.provider import EdgeConfigurationProvider
from cdk_kvs_edge.provider_options import ProviderOptions
from cdk_kvs_edge.stream_edge_configuration import StreamEdgeConfiguration
from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge_preflight.footage import Acknowledgement

__all__ = [
    "Acknowledgement",
    "AgentDimensions",
    "ConfigurationError",
    "DeploymentOptions",
    "EdgeConfigurationProvider",
    "EdgeFleet",
    "EdgeMonitor",
    "Fault",
    "FleetOptions",
    "HubMove",
    "IStreamEdgeConfiguration",
    "MediaUriType",
    "MetricOptions",
    "MonitorOptions",
    "ProviderOptions",
    "Referable",
    "ScheduleConfig",
    "StackOptions",
    "StrategyOnFullSize",
    "StreamEdgeConfiguration",
    "WaitFor",
]
