"""Taking taxonomies in: import plans, imports into the draft, and the seeds of a fresh installation."""
