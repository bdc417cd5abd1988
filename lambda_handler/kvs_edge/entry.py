"""The entry function: it takes CloudFormation's event and starts one execution of the state machine for it."""

import json
import os
import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge.event import Event, execution_name
from kvs_edge.executions import start_execution
from kvs_edge.log import Log


def handler(event: Event, context: Any) -> None:
    """Start one execution for the event, however often it is delivered; if that fails, tell CloudFormation."""
    received_at = time.time()
    log = Log(event)
    name = execution_name(event)
    text = json.dumps({"Event": event, "ReceivedAt": received_at})
    try:
        start_execution(os.environ["STATE_MACHINE_ARN"], name, text)
    except (BotoCoreError, ClientError) as error:
        log.tell("not started", "ERROR", error=str(error))
        # All that an answer takes would be a tenth of a cold start, and is needed only here.
        from kvs_edge.tick import report_fault

        if not report_fault(event, received_at, f"its state machine could not be started, {error}", context, log):
            # Lambda delivers the event again, twice, after a while.
            raise
    else:
        log.tell("started", execution=name)
