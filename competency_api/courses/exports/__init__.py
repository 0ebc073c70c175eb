"""Catalogues for others: what an import takes back, and the formats of course catalogues and learning platforms."""
