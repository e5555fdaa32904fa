"""Drawings as Vega-Lite specifications, made with Altair: of what the caller names, on data given later.

Pages hand them to the browser and give them rows there; a report puts the rows in and renders them to SVG.
"""
