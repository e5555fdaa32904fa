"""The pages, a file each: what a page asks, reads and draws, as data. A file has one `PAGE`."""
