"""Floor 3: world snapshot, decision, moves, runner, rehearsal."""
