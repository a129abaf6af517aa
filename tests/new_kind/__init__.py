"""`make new-kind`: both files of a new Connect kind and their tests, from templates."""
