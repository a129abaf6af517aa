"""Releases: what must hold before one, and what is built and tried. `make release` and `make package` run it."""
