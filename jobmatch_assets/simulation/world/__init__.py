"""The world behind the events: what there is, how it changes, and how that is delivered as entity files.

It is made after the events, for the same seed and days, from what they say: `seen` collects it.
`companies`, `advertising`, `postings`, `people`, `hiring`, `staffing` and `billing` decide what
happens; `changes` makes histories of it, `clock` stamps them, `delivery` turns them into files
and `record` into what truth.json says.
"""
