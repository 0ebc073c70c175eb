"""Organisations, people, the keys that they use the service with, and the record of who did what."""
