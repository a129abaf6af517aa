"""Runs of flow tests: started in each region, watched, compared between regions, and what of the flows they cover."""
