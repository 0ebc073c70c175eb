"""Rounds and tables of a workshop, and the keys of those who run one."""
