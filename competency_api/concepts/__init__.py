"""Concepts of published versions as they are asked for: filtered, shown, in their tree, with their history."""
