"""Where the files of a project are; light to import, as what completes a word needs it."""

from __future__ import annotations

CONFIG_FOLDER = "config"
"""Where a project's config is, unless told otherwise."""
REGIONS_FILE = "regions.json"
"""The file that makes a folder the config of a project."""
