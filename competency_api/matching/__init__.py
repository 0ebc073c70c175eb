"""Suggestions: which concepts of a version the text of a course is about. Everything but the routes is pure."""
