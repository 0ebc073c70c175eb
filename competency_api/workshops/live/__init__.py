"""A workshop as it happens: server-sent events for those who watch."""
