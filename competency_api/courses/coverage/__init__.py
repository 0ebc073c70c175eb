"""What a set of courses covers of the taxonomy, and what it misses: pure, from sums of mappings and a version.

:mod:`targets` says against what, :mod:`counting` brings the sums of all versions to the asked one, :mod:`report` puts
both together, :mod:`prerequisites` follows what is required, :mod:`comparison` sets two reports side by side.
"""
