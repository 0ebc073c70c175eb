"""Pictures as SVG, made from plain values: no script, no style attribute, the same markup for the same values.

Colours and line widths are the stylesheet's (classes), so that pictures follow dark mode and print. Every picture has a
title and a description, and stands beside a list or table that says the same.
"""
