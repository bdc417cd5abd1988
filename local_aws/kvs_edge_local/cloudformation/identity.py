"""Location and identifiers of a stack."""

from dataclasses import dataclass

from moto.utilities.utils import get_partition

URL_SUFFIXES = {"aws-cn": "amazonaws.com.cn"}


@dataclass(frozen=True)
class StackIdentity:
    """Name, id (an ARN), account and region of a stack."""

    name: str
    stack_id: str
    account: str
    region: str

    @property
    def partition(self) -> str:
        """Partition of the stack's region: aws, aws-cn, ..."""
        return get_partition(self.region)

    def pseudo_parameters(self) -> dict[str, object]:
        """Return the pseudo parameters; the resolver handles AWS::NoValue."""
        return {
            "AWS::AccountId": self.account,
            "AWS::NotificationARNs": [],
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::StackId": self.stack_id,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": URL_SUFFIXES.get(self.partition, "amazonaws.com"),
        }
