"""How a shared state lies in its objects, and what can be told of it without the lock.

Each object begins with a line that says who wrote it, and is never twice the same: even what did not change gets another tag.
"""

from __future__ import annotations

import json
import uuid

from sbctl.core.problem import Problem, SbctlError
from sbctl.core.state import State
from sbctl.core.text.strict_json import read_value
from sbctl.store.media.backend import Content, CopyStatus
from sbctl.store.objects import Blob, Objects
from sbctl.store.state.envelope import DamageError, open_envelope

STATE = "sbctl.state"
JOURNAL = "sbctl.journal"
GENERATIONS = "generations"


def signed(content: bytes, run: str, token: int) -> bytes:
    """An object's content, signed by a run (an id of its own) that holds the lock with this token."""
    return json.dumps({"run": run, "token": token, "nonce": uuid.uuid4().hex}).encode() + b"\n" + content


def signer(blob: Blob | None) -> str:
    """The run that signed an object; "" when there is none, or no signature."""
    try:
        return str(read_value((blob.content if blob else b"").partition(b"\n")[0])["run"])
    except (ValueError, KeyError, TypeError):
        return ""


def unsigned(blob: Blob | None) -> bytes | None:
    """What was signed; None when there is no object."""
    return None if blob is None else blob.content.partition(b"\n")[2]


def read(objects: Objects) -> Content:
    """State and journal in one place. Raises SbctlError when it does not answer."""
    # The journal first: what is folded into the state between the two reads is then in the state.
    journal, state = objects.get(JOURNAL), objects.get(STATE)
    return Content(unsigned(state), unsigned(journal) or b"", objects.where)


def read_copy(objects: Objects) -> Content:
    """The same of a copy: one that was never written says nothing of whether there is a state."""
    content = read(objects)
    if content.state is None:
        raise SbctlError(Problem(code="no-copy", summary="There is no copy of the state yet", at=objects.where))
    return content


def state_in(blob: Blob | None) -> State | None:
    """The state in an object, when it can be read."""
    try:
        return open_envelope(unsigned(blob) or b"", "")
    except (DamageError, SbctlError):
        return None


def status(objects: Objects) -> CopyStatus:
    """How far a copy is."""
    try:
        blob = objects.get(STATE)
    except SbctlError as error:
        return CopyStatus(objects.where, None, str(error))
    state = state_in(blob)
    trouble = "" if state else "there is none yet" if blob is None else "it cannot be read"
    return CopyStatus(objects.where, state.serial if state else None, trouble)
