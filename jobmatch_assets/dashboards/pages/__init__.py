"""The pages, a file each: what a page asks, reads and draws, as data.

A file has one `PAGE`; one whose name begins with `_` is a part of a page.
"""
