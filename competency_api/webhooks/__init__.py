"""Webhooks: addresses of organisations that are told of events, signed, again and again until they answer."""
