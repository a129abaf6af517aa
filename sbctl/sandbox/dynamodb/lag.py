"""How long a change takes from one replica to another: no two take the same, and most take less than a second."""

from __future__ import annotations

import random
from dataclasses import dataclass

MEAN_SECONDS = 0.7
"""AWS: "typically within a second or less", without a promise."""
JITTER = 0.4


@dataclass
class TableLag:
    """Draws from a gamma distribution. `mean` in world seconds; `jitter` is the standard deviation as a part of the mean.

    Both may be set at any time and hold for what is written from then on. The same `seed` gives the same lags.
    """

    mean: float = MEAN_SECONDS
    jitter: float = JITTER
    seed: int = 20191121

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def draw(self) -> float:
        """The lag of one change, in world seconds, never negative."""
        if self.mean <= 0 or self.jitter <= 0:
            return max(0.0, self.mean)
        shape = 1 / self.jitter**2
        return self._random.gammavariate(shape, self.mean / shape)
