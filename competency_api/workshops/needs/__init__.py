"""Needs that participants type, and what facilitators make of them."""
