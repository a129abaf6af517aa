"""The state of a project: one file, its journal, its generations."""
