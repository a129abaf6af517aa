"""Whether the regions are alike."""
