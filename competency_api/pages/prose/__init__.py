"""Texts of the taxonomy on pages: in the reader's language, with their codes as links, two states word by word."""
