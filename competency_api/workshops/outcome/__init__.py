"""What comes of a workshop: conclusions, the report, files, proposals, and what concepts say of it.

Pure are :mod:`.expecting` (what follows from a ranking by stated rules), :mod:`.wording` (how it is told to those who
decide), :mod:`.tables` (the files) and :mod:`.conclusions.sealing` (what is signed).
"""
