"""Exports of other centres as documents of a project: names in place of their ids, or what has to be asked for."""
