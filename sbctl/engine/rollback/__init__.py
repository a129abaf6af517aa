"""An earlier version brought back in every region, side by side."""
