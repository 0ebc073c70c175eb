"""Participants, who are nobody but a token, and their ballots."""
