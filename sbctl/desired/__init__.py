"""Floor 1: what the files of a project want: config, flows and Lambda packages, turned into wanted resources."""
