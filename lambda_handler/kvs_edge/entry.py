"""Entry function: starts one execution of the state machine per CloudFormation event."""

import json
import os
import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge.event import Event, execution_name
from kvs_edge.executions import is_rejected, start_execution
from kvs_edge.log import Log
from kvs_edge.request_time import FIRST_DELIVERY_SECONDS, sent_at


def handler(event: Event, context: Any) -> None:
    """Start one execution for the event, even if it is delivered twice; respond with a failure if that is impossible.

    Raises the error if the execution may have started. Lambda then retries the event twice, and the execution's
    name identifies the first try.
    """
    received_at = time.time()
    log = Log(event)
    name = execution_name(event)
    text = json.dumps({"Event": event, "ReceivedAt": received_at})
    try:
        start_execution(os.environ["STATE_MACHINE_ARN"], name, text)
    except (BotoCoreError, ClientError) as error:
        log.write("not started", "ERROR", str(error), error=str(error))
        if not is_rejected(error) or _may_be_a_duplicate(event, received_at):
            raise
        # Responding is rare, and its imports would take a tenth of each cold start.
        from kvs_edge.tick import report_rejected_start

        if not report_rejected_start(event, str(error), context, log):
            raise
    else:
        log.write("started", execution=name)


def _may_be_a_duplicate(event: Event, received_at: float) -> bool:
    """Return whether an earlier delivery of the event may have started an execution.

    The role may have had the permission then.
    """
    sent = sent_at(event, received_at)
    return sent is not None and received_at - sent > FIRST_DELIVERY_SECONDS
