"""What adopting downloads: the audio of prompts and the code of functions."""

from __future__ import annotations

from sbctl.app import App
from sbctl.core.kinds.resource import NotSayable
from sbctl.core.problem import Exit, Problem, SbctlError
from sbctl.desired.files.recordings import LARGEST as LARGEST_AUDIO
from sbctl.engine.adoption.discovery import Discovered
from sbctl.engine.adoption.package import LARGEST as LARGEST_CODE
from sbctl.probes.download import NotFetched


class Downloads:
    """From the addresses that Connect and Lambda sign. What fails in passing ends the run, and another run may succeed."""

    def __init__(self, app: App, estate: Discovered) -> None:
        self._app = app
        self._estate = estate

    def audio(self, prompt: str) -> bytes:
        ask = {"InstanceId": self._estate.instance.ids["id"], "PromptId": prompt}
        answer = self._app.clients.standard.read_only.call("connect", "GetPromptFile", self._estate.region, **ask)
        return self._fetched(f"the audio of prompt {prompt}", answer["PromptPresignedUrl"], LARGEST_AUDIO)

    def package(self, function: str) -> bytes:
        answer = self._app.clients.standard.read_only.call(
            "lambda", "GetFunction", self._estate.region, FunctionName=function
        )
        where = (answer.get("Code") or {}).get("Location")
        if not where:
            raise NotSayable("Lambda does not hand its package out")
        return self._fetched(f"the code of function {function}", where, LARGEST_CODE)

    def _fetched(self, what: str, url: str, most: int) -> bytes:
        try:
            return self._app.download(url, most)
        except NotFetched as why:
            if why.passing:
                raise SbctlError(_not_fetched(what, why)) from why
            raise NotSayable(str(why)) from why


def _not_fetched(what: str, why: NotFetched) -> Problem:
    return Problem(
        code="download-failed",
        summary="A file could not be downloaded from AWS",
        detail=str(why),
        at=what,
        fix="Nothing was written. Run the same command again when the network answers.",
        exit=Exit.FAILED,
    )
