"""Answers to the open questions of docs/service-assumptions.md, drawn for each lifecycle."""

from dataclasses import dataclass, fields
from random import Random
from typing import Literal, get_args


@dataclass(frozen=True)
class OpenQuestions:
    """One possible world."""

    delete_while_syncing: Literal["accepted", "resource-in-use", "invalid-argument"] = "accepted"
    start_while_deleting: Literal["resource-in-use", "accepted"] = "resource-in-use"
    start_on_delete_failed: Literal["accepted", "resource-in-use"] = "accepted"
    start_on_another_hub: Literal["invalid-argument", "moved"] = "invalid-argument"
    offline_delete: Literal["delete-failed", "deleting-forever"] = "delete-failed"
    last_updated: Literal["on-start", "on-status-change"] = "on-start"
    described_defaults: Literal["filled-in", "only-as-sent"] = "filled-in"
    full_hub: Literal["invalid-argument", "client-limit-exceeded"] = "invalid-argument"
    bad_schedule: Literal["invalid-argument", "sync-failed"] = "invalid-argument"
    deleted_stream: Literal["both-go", "orphaned"] = "both-go"
    # Questions about CloudFormation.
    rollback_moves_last_updated: Literal["no", "yes"] = "no"
    response_url: Literal["sigv4", "expires", "undated"] = "sigv4"
    reused_request_ids: Literal["no", "yes"] = "no"

    @classmethod
    def drawn(cls, random: Random) -> "OpenQuestions":
        """Return a world that was drawn at random."""
        hints = cls.__annotations__
        return cls(**{field.name: random.choice(get_args(hints[field.name])) for field in fields(cls)})
