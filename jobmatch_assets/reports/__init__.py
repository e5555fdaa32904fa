"""Reports that are sent round: a PDF for a week, made from the published copy of gold and nothing else.

`week.py` says which weeks there are, `state.py` what of a week is not final. A section of the report is a
file in `sections/`: it asks the copy and says what it found as parts of a document (`parts.py`), which know
no layout. `typeset.py` lays them out, with charts drawn by `drawing.py`.
"""
