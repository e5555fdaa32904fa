import ast
import sys
from pathlib import Path

import jobmatch_assets.simulation as package


def test_the_simulation_imports_no_other_part_of_the_package():
    allowed = {*sys.stdlib_module_names, "numpy", "click", "rich"}
    for path in Path(package.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                ours = name.startswith("jobmatch_assets.simulation.")
                assert ours or name.split(".")[0] in allowed, f"{path.name} imports {name}"
