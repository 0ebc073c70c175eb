"""Files of courses and mappings: their formats, their columns, their records with their places."""
