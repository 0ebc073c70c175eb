"""Concepts as rows of a table: what a cell says, and which column says what."""
