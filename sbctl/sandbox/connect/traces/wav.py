"""The sound of a recording: a short tone in each channel, one for the customer and one for the agent."""

from __future__ import annotations

import io
import math
import struct
import wave
from functools import cache

RATE = 8000
LENGTH_SECONDS = 0.5
TONES = (440.0, 660.0)
LOUDNESS = 4000


@cache
def recording(customer: bool, agent: bool) -> bytes:
    """A stereo WAV of half a second; the channel of who is not recorded is silent."""
    heard = (customer, agent)
    frames = b"".join(
        struct.pack("<hh", *(_sample(tone, place) if on else 0 for tone, on in zip(TONES, heard, strict=True)))
        for place in range(int(RATE * LENGTH_SECONDS))
    )
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames)
    return made.getvalue()


def _sample(tone: float, place: int) -> int:
    return int(LOUDNESS * math.sin(2 * math.pi * tone * place / RATE))
