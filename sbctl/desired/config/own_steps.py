"""Checks the steps of one's own in failover-rules.json, each by itself, so that one that is damaged hides no other.

What only the moment of a failover shows (a program, a variable, a secret) is not checked here: another machine may have it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from sbctl.core.moving.own_steps import FORCED_SECONDS, Action, OwnStep
from sbctl.core.moving.step_names import ALL_STEPS, STEPS
from sbctl.core.problem import Exit
from sbctl.core.project import Project
from sbctl.core.text.placeholders import FACTS, filled, placeholders, secret_arn, sort_of, texts_in
from sbctl.core.text.secrets import looks_secret
from sbctl.desired.config.findings import Findings
from sbctl.files.misfits import did_you_mean
from sbctl.files.positions import JsonPath

SECRET_HEADERS = re.compile(r"^(?:proxy-)?authorization$|cookie|token|secret|api-?key|password", re.IGNORECASE)
"""Headers whose value is a secret, unless it is a placeholder."""
_FUNCTION_ARN = re.compile(r"^arn:aws[a-z-]*:lambda:([^:]+):")
_BY_NAME = f"Write ${{env:NAME}}, ${{arn:aws:secretsmanager:${{to}}:…}}, or one of {', '.join(f'${{{one}}}' for one in FACTS)}."
_KEEP = (
    "Keep it in the operator's environment (${env:NAME}) or in Secrets Manager (${arn:aws:secretsmanager:${to}:…}). "
    "Replace one that stood in a file."
)
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


def check_steps(project: Project, findings: Findings, notes: Findings) -> None:
    """Note everything that is wrong with the steps, and in `notes` what may not do what was meant."""
    raw = findings.source.data.get("steps")
    names = Counter[str]()
    for number, one in enumerate(raw if isinstance(raw, list) else ()):
        try:
            step = OwnStep.model_validate(one, by_alias=True, by_name=False)
        except ValidationError:  # told by the reader of the whole file
            continue
        checks = _Checks(step, ("steps", number), project, findings, notes)
        checks.place()
        checks.regions()
        checks.actions()
        names[step.name] += 1
        if names[step.name] > 1 or step.name in ALL_STEPS:
            other = "a mechanism's step" if step.name in ALL_STEPS else "another step"
            checks.wrong("duplicate-name", ("name",), f"{step.name!r} is the name of {other}", "Choose another name.")


class _Checks:
    """The checks of one step."""

    def __init__(self, step: OwnStep, path: JsonPath, project: Project, findings: Findings, notes: Findings) -> None:
        self._step = step
        self._path = path
        self._project = project
        self._findings = findings
        self._notes = notes

    def wrong(self, code: str, path: JsonPath, detail: str, fix: str) -> None:
        self._findings.add(code, (*self._path, *path), detail, fix)

    def place(self) -> None:
        """Exactly one place, and one that there is. One that another mechanism has is taken, and said."""
        step = self._step
        given = [(name, place) for name, place in (("before", step.before), ("after", step.after)) if place]
        if len(given) != 1:
            both = "both before and after are given" if given else "neither before nor after is given"
            self.wrong("bad-value", (), both, f"Say before or after which step: one of {', '.join(ALL_STEPS)}.")
            return
        name, place = given[0]
        mine = STEPS.get(self._project.rules.mechanism, ALL_STEPS)
        if place not in ALL_STEPS:
            self.wrong("unknown-name", (name,), f"no mechanism has a step {place!r}", did_you_mean(place, mine))
        elif place not in mine:
            end = "first" if name == "before" else "last"
            detail = f"{self._project.rules.mechanism} has no step {place!r}; there the step comes {end}"
            fix = f"Name one of {', '.join(mine)}."
            self._notes.add("item-remark", (*self._path, name), detail, fix, worth=Exit.DONE)
        if "forced" in step.modes and step.timeout_seconds > FORCED_SECONDS:
            detail = f"a forced move gives it {FORCED_SECONDS:g} s and not {step.timeout_seconds:g} s"
            fix = 'Let it take less, or say "modes": ["planned"].'
            self._notes.add("item-remark", (*self._path, "timeoutSeconds"), detail, fix, worth=Exit.DONE)

    def regions(self) -> None:
        known = [region.region for region in self._project.by_priority]
        for number, region in enumerate(self._step.regions or ()):
            if region not in known:
                fix = did_you_mean(region, known)
                self.wrong("wrong-region", ("regions", number), f"{region!r} is no region of the project", fix)

    def actions(self) -> None:
        self._action(self._step, ())
        if self._step.undo is not None:
            self._action(self._step.undo, ("undo",))

    def _action(self, action: Action, path: JsonPath) -> None:
        ways = action.ways
        if len(ways) != 1:
            what = f"{' and '.join(ways)} are given" if ways else "none of command, lambda and https is given"
            self.wrong("bad-value", path, what, "Give exactly one of command, lambda and https.")
        for name, given, way in (("env", action.env, "command"), ("payload", action.payload, "lambda")):
            if given and way not in ways:
                self.wrong("bad-value", (*path, name), f"it belongs to {way}", f"Remove it, or give {way}.")
        for place, text in _texts(action):
            self._text((*path, *place), text)
        for number, word in enumerate(action.command or ()):
            if any(sort_of(inner) in ("env", "secret") for inner in placeholders(word)):
                detail = "every user of the machine sees a command's arguments"
                fix = 'Give it in "env", or let the command read its own environment.'
                self.wrong("bad-value", (*path, "command", number), detail, fix)
        if action.function:
            self._function((*path, "lambda"), action.function)
        if action.https:
            self._https((*path, "https"), action)

    def _text(self, path: JsonPath, text: str) -> None:
        for inner in placeholders(text):
            sort = sort_of(inner.replace("${to}", "to-region"))
            if sort == "unknown":
                self.wrong("unknown-name", path, f"${{{inner}}} is no placeholder", _BY_NAME)
            elif sort == "secret" and "${to}" not in inner.split(":")[3]:
                self._in_region(path, secret_arn(inner)[1], "secret")
        literal = filled(text, lambda _: "")
        name = str(path[-1])
        header = len(path) >= 2 and path[-2] == "headers" and SECRET_HEADERS.search(name) and not [*placeholders(text)]
        if header or looks_secret(name if path[-2:-1] in (("env",), ("payload",)) else "", literal):
            self.wrong("secret-in-file", path, "it looks like a secret, and the kit is kept in every region", _KEEP)

    def _function(self, path: JsonPath, name: str) -> None:
        found = _FUNCTION_ARN.match(name)
        if found and found[1] != "${to}":
            self._in_region(path, found[1], "function")

    def _in_region(self, path: JsonPath, region: str, what: str) -> None:
        """What stands in one region serves no move to another: that region may be the one that is lost."""
        step = self._step
        targets = step.regions or [one.region for one in self._project.by_priority]
        others = [one for one in targets if one != region]
        if others:
            detail = f"the {what} is in {region}, and the step also runs when traffic moves to {', '.join(others)}"
            fix = f'Write ${{to}} for the region in the ARN, or give the step "regions": ["{region}"].'
            self.wrong("wrong-region", path, detail, fix)

    def _https(self, path: JsonPath, action: Action) -> None:
        assert action.https is not None
        url, ca_file = action.https.url, action.https.ca_file
        if ca_file and not ca_file.startswith(("/", "~")) and ":" not in ca_file:
            fix = "Write an absolute path; without caFile the system's certificates count."
            self.wrong("bad-value", (*path, "caFile"), "a failover is run from any folder", fix)
        if url.startswith("${"):
            return  # seen when it is filled in
        try:
            parts = urlsplit(filled(url, lambda _: "x"))
            host = parts.hostname or ""
        except ValueError as error:
            self.wrong("bad-value", (*path, "url"), f"it is no URL: {error}", "Write an https:// address.")
            return
        if (parts.scheme != "https" and not (parts.scheme == "http" and host in _LOCAL)) or not host:
            detail = f"{url!r} does not begin with https:// and a host"
            self.wrong("bad-value", (*path, "url"), detail, "Write an https:// address; http:// is for this machine.")


def _texts(action: Action) -> Iterator[tuple[JsonPath, str]]:
    """Every text in which placeholders are filled in, with its path in the file."""
    given: dict[str, Any] = {"command": action.command, "env": action.env, "payload": action.payload}
    given["lambda"] = action.function
    if action.https:
        https = action.https
        given["https"] = {"url": https.url, "headers": https.headers, "body": https.body}
    yield from texts_in(given)
