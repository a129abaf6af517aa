"""Creations that a ClientToken makes one, however often they are asked for."""

from __future__ import annotations

from collections.abc import Callable

from sbctl.sandbox.connect.store import ConnectResource, Instance, ResourceStore
from sbctl.sandbox.service import ApiError, Call
from sbctl.sandbox.wire import models

CODES = {"IdempotencyException": 409, "InvalidRequestException": 400, "InvalidParameterException": 400}
"""What a token is refused with that came with other parameters: the first of these that an operation has."""


def once(store: ResourceStore, call: Call, kind: str, make: Callable[[Instance], ConnectResource]) -> ConnectResource:
    """What was made with the call's ClientToken in its instance, else what `make` makes now.

    A token that came with other parameters is refused. What was deleted since is made anew.
    """
    instance, params = store.active(call), dict(call.params)
    token = params.pop("ClientToken", None)
    if not token:
        return make(instance)
    place = f"{instance.id}:{kind}:{token}"
    asked, identity = store.tokens.get(place, (None, ""))
    made = instance.all(kind).get(identity)
    if made is None:
        made = make(instance)
        store.tokens[place] = (params, made.id)
    elif asked != params:
        declared = models.error_shapes(call.service, call.operation)
        code = next((known for known in CODES if known in declared), "InvalidRequestException")
        raise ApiError(code, "The ClientToken was used with other parameters", CODES[code])
    return made
