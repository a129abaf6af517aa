"""The flow language: which actions, parameters, errors, conditions and references there are."""
