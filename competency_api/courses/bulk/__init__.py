"""Whole catalogues as files: read strictly, planned against what is stored, written all or not at all."""
