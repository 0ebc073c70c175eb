"""Courses of training providers and what they teach: kept by their provider, mapped to concepts as of a version."""
