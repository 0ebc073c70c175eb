"""Finding concepts in one version: search, and suggestions while typing. Everything but the routes is pure."""
