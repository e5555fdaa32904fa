"""Where the files of the platform lie, and where defaults of paths begin.

In a clone, that is the clone's folder, wherever a command is started.
"""

from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
DBT_PROJECT_DIR = PROJECT_DIR / "dbt_project"
