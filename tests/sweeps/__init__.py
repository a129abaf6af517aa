"""Stop sbctl at every point, break every call and every write, and see it end where an undisturbed run ends."""
