"""Where a stack lives and what it is called."""

from dataclasses import dataclass

from moto.utilities.utils import get_partition

URL_SUFFIXES = {"aws-cn": "amazonaws.com.cn"}


@dataclass(frozen=True)
class StackIdentity:
    """A stack's name, its id (an ARN), and its account and region."""

    name: str
    stack_id: str
    account: str
    region: str

    @property
    def partition(self) -> str:
        """The partition of the stack's region: aws, aws-cn, ..."""
        return get_partition(self.region)

    def pseudo_parameters(self) -> dict[str, object]:
        """The pseudo parameters; AWS::NoValue is the resolver's own affair."""
        return {
            "AWS::AccountId": self.account,
            "AWS::NotificationARNs": [],
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::StackId": self.stack_id,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": URL_SUFFIXES.get(self.partition, "amazonaws.com"),
        }
