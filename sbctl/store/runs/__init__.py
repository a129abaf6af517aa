"""The journals of failovers and drills."""
