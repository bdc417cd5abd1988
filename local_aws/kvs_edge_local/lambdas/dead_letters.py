"""Dead-letter queues of functions.

Lambda sends an event that it could not deliver to the queue of the function, unchanged
[https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html]. Here the message has the attribute
RequestID, but neither ErrorCode nor ErrorMessage.
"""

from typing import cast

from moto.awslambda.models import LambdaFunction
from moto.sqs.models import sqs_backends

from kvs_edge_local.lambdas.function import RunningFunction
from kvs_edge_local.lambdas.invocation import Request


def send_dead_letter(function: LambdaFunction, request: Request) -> None:
    """Send the event to the function's dead-letter queue, if it has one; SNS topics are not supported."""
    queue = cast(RunningFunction, function).dead_letter_queue
    if queue is None:
        return
    region, account, name = queue.split(":")[3:6]
    attributes = {"RequestID": {"DataType": "String", "StringValue": request.request_id}}
    sqs_backends[account][region].send_message(name, request.payload.decode(), message_attributes=attributes)
