"""Migrations of a provider's mappings: plans that are stored, decided on and applied, and what tells of them."""
