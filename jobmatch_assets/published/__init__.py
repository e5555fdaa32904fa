"""The published copy of gold as its readers see it: pages, reports, exports, the dictionary of metrics."""
