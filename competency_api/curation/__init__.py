"""Curation: how the taxonomy changes. Proposals, their review, and the draft that accepting them makes.

What a proposal changes, how it joins what others changed meanwhile, which verbs it knows, and whom it touches are pure
(``changes/``, ``lifecycle``, ``impact``); the rest stores and serves it.
"""
