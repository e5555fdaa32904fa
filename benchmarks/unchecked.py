"""`jobmatch` without its checks, to see what they cost; the platform itself has no way to leave them out."""

from dataclasses import replace
from typing import Any

from jobmatch_assets.cli.command import main
from jobmatch_assets.pipeline import pipeline
from jobmatch_assets.pipeline.steps import compare_variants, load


def without_checks() -> None:
    """Let builds, loads and comparisons of variants ask for no check."""
    everything = pipeline.everything

    def only_tables(*args: Any) -> Any:
        return replace(everything(*args), tests={}, checks=[])

    def none(*_: Any) -> list[Any]:
        return []

    pipeline.everything = only_tables
    load.run_data_checks = none
    compare_variants.run_data_checks = none


if __name__ == "__main__":
    without_checks()
    main()
