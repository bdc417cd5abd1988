"""The entry function: it takes CloudFormation's event and starts one execution of the state machine for it."""

import json
import os
import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from kvs_edge.event import Event, execution_name
from kvs_edge.executions import is_rejected, start_execution
from kvs_edge.log import Log
from kvs_edge.request_time import sent_at

FIRST_DELIVERY_SECONDS = 45.0
"""Seconds: Lambda tries a failed event again after a minute, so what is older may be a duplicate."""


def handler(event: Event, context: Any) -> None:
    """Start one execution for the event, however often it is delivered; tell CloudFormation if there can be none.

    Raises the error if it is not known whether there is one: Lambda then delivers the event again, twice, and the
    execution's name finds the first.
    """
    received_at = time.time()
    log = Log(event)
    name = execution_name(event)
    text = json.dumps({"Event": event, "ReceivedAt": received_at})
    try:
        start_execution(os.environ["STATE_MACHINE_ARN"], name, text)
    except (BotoCoreError, ClientError) as error:
        log.write("not started", "ERROR", error=str(error))
        if not is_rejected(error) or _may_be_a_duplicate(event, received_at):
            raise
        # All that an answer takes would be a tenth of a cold start, and is needed only here.
        from kvs_edge.tick import report_refused_start

        if not report_refused_start(event, str(error), context, log):
            raise
    else:
        log.write("started", execution=name)


def _may_be_a_duplicate(event: Event, received_at: float) -> bool:
    """Return whether the event may have been delivered before, and its execution may be running.

    A role that may not start an execution now may have been allowed to then.
    """
    sent = sent_at(event, received_at)
    return sent is not None and received_at - sent > FIRST_DELIVERY_SECONDS
