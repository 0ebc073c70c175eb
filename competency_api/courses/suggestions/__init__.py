"""Suggested mappings: asked for one course or for a whole catalogue, accepted or rejected, and remembered.

What is suggested follows from the text of the course, the version, and what was accepted before
(docs/reference/suggestions.md). Accepting writes the mapping, with the words that speak for it.
"""
