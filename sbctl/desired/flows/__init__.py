"""Contact flows before they reach AWS: written with a builder or as JSON, linted, rendered for a region, compared by meaning."""
