"""What agents work with: views, task templates, data tables, and how they sign in."""
