"""A share of the long tests, by a seed: some of each file, so that no file is left out."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable


def sample(names: Iterable[str], share: float, seed: int) -> set[str]:
    """Of each file's tests (`file::test`) the share, rounded up; the same for the same seed, in whatever order they come."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        files[name.partition("::")[0]].append(name)
    return {
        name
        for file, tests in files.items()
        for name in random.Random(f"{seed} {file}").sample(tests, math.ceil(min(share, 1.0) * len(tests)))
    }
