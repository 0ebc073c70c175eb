"""Suggestions for whole catalogues: a job makes a list, which is read, decided about and kept for a while."""
