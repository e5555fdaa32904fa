"""In a wheel, the dbt project and Dagster's configuration lie in the package; pyproject.toml has all else."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# As jobmatch_assets/settings/locations.py looks for them.
BESIDE_THE_PACKAGE = ("dbt_project", "dagster.yaml", "workspace.yaml")
NOT_SHIPPED = shutil.ignore_patterns("target", "logs", ".user.yml")


class BuildWithProject(build_py):
    """Copies what lies beside the package in a clone into the package that is built."""

    def run(self):
        if self.editable_mode:
            super().run()
            return
        package = Path(self.build_lib) / "jobmatch_assets"
        shutil.rmtree(package, ignore_errors=True)  # a build before may have left what is gone since
        super().run()
        for name in BESIDE_THE_PACKAGE:
            if Path(name).is_dir():
                shutil.copytree(name, package / name, ignore=NOT_SHIPPED)
            else:
                shutil.copyfile(name, package / name)


setup(cmdclass={"build_py": BuildWithProject})
