"""Plans of migrations, pure: what happens to each mapping between two versions, and what decisions make of it.

:mod:`steps` says what happens to one mapping, :mod:`decisions` what a provider may decide, :mod:`results` which rows
there are afterwards, :mod:`tables` reads and writes all of it as CSV, :mod:`lines` tells it on a terminal,
:mod:`preview` does it for a file.
"""
