"""Names in place of ids: placeholders in the files, a region's ids in what is deployed, and back."""
