"""The way back from a region's flow to the document of flows/: ids and ARNs become placeholders, and texts stay texts.

What is said to people stays as it is, the region's name in it too. Its code becomes `${region}` inside ARNs and addresses alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sbctl.core.project import Region
from sbctl.files.positions import JsonPath
from sbctl.flows.names.placeholders import PATTERN, escaped
from sbctl.flows.names.references import Reference, references
from sbctl.flows.names.words import Words

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\"'<>]+")


def unrendered(
    content: Mapping[str, Any], region: str, words: Words, escape: Callable[[str], str] = escaped
) -> dict[str, Any]:
    """A live content as a document says it; rendered for the region, it is the same again. `region`: "" where it is not known.

    `escape` makes a document's text of a live one.
    """
    found: dict[JsonPath, list[Reference]] = {}
    for one in references(content):
        found.setdefault(one.path, []).append(one)
    result: dict[str, Any] = _said(dict(content), (), _Writer(region, words, found, escape))
    return result


def as_before(content: Any, before: Any, region: Region) -> Any:
    """A content in the words of the document `before`, which may say the region's code and name in any text.

    Texts are held against those of the same block and place; one that changed keeps these words.
    """
    if isinstance(content, Mapping):
        old = before if isinstance(before, Mapping) else {}
        return {key: as_before(item, old.get(key), region) for key, item in content.items()}
    if isinstance(content, list):
        pairs = zip(content, _counterparts(content, before), strict=True)
        return [as_before(item, old, region) for item, old in pairs]
    if isinstance(content, str) and isinstance(before, str):
        return _in_words_of(content, before, region)
    return content


class _Writer:
    """Writes one text after the other."""

    def __init__(
        self,
        region: str,
        words: Words,
        found: Mapping[JsonPath, Sequence[Reference]],
        escape: Callable[[str], str],
    ) -> None:
        self._words = words
        self._escape = escape
        self._found = found
        self._code = re.compile(rf"(?<![A-Za-z0-9$]){re.escape(region)}(?![A-Za-z0-9])") if region else None

    def text(self, text: str, path: JsonPath) -> str:
        parts: list[str] = []
        end = 0
        for one in self._found.get(path, ()):
            word = self._word(one, text)
            if word is not None:
                parts += [self._plain(text[end : one.start]), word]
                end = one.end
        return "".join([*parts, self._plain(text[end:])])

    def _word(self, one: Reference, text: str) -> str | None:
        if text[: one.start].endswith("$"):
            return None  # a placeholder behind it would be none
        word = self._words.of(one)
        if word is None and one.arn is not None and self._words.is_regional(one):
            place = f":{one.arn.region}:"
            word = self._escape(text[one.start : one.end]).replace(place, ":${region}:", 1)
        return word

    def _plain(self, text: str) -> str:
        """A text without ids: what looks like a placeholder is escaped, and addresses are of any region."""
        if self._code is None:
            return self._escape(text)
        parts: list[str] = []
        end = 0
        for found in _ADDRESS.finditer(text):
            parts += [self._escape(text[end : found.start()]), self._code.sub("${region}", self._escape(found[0]))]
            end = found.end()
        return "".join([*parts, self._escape(text[end:])])


def _said(value: Any, path: JsonPath, writer: _Writer) -> Any:
    if isinstance(value, str):
        return writer.text(value, path)
    if isinstance(value, Mapping):
        return {key: _said(item, (*path, str(key)), writer) for key, item in value.items()}
    if isinstance(value, list):
        return [_said(item, (*path, number), writer) for number, item in enumerate(value)]
    return value


def _counterparts(items: Sequence[Any], before: Any) -> Iterable[Any]:
    """What stood in the place of each item before: that with the same identifier, else that at the same place."""
    old = before if isinstance(before, list) else []
    named = {name: one for one in old if (name := _identifier(one))}
    for number, item in enumerate(items):
        name = _identifier(item)
        yield named.get(name) if name else (old[number] if number < len(old) else None)


def _identifier(item: Any) -> str:
    name = item.get("Identifier") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else ""


def _in_words_of(content: str, before: str, region: Region) -> str:
    """A text with the region's words where the text before had them, and with its placeholders as they are."""
    there = [found.group(1) for found in PATTERN.finditer(before)]
    rows = {region.name: "region-name", region.region: "region"}
    words = {value: f"${{{word}}}" for value, word in rows.items() if value and word in there}
    if not words:
        return content
    values = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    known = re.compile(rf"(?<![A-Za-z0-9$])(?:{values})(?![A-Za-z0-9])")
    parts: list[str] = []
    end = 0
    for found in PATTERN.finditer(content):
        parts += [known.sub(lambda one: words[one[0]], content[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, known.sub(lambda one: words[one[0]], content[end:])])
