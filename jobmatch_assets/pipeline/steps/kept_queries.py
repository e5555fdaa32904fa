"""The queries of contracts, kept on disk.

Ibis takes longer to write them than the engine does to answer most of them.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import jobmatch_assets
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.pipeline.steps.kept_under_key import KeptByName, key_of_files

_LIBRARIES = ("ibis-framework", "pandera", "sqlglot")
_WRITTEN_BY = ("contracts", "checks/contract_queries.py", "event_names.py")
"""What of the package the queries follow from, beside a table's columns."""


class KeptQueries:
    """Queries by what they are asked of; what is kept goes when the contracts or the libraries change.

    A file that cannot be read holds none, and one that cannot be written is left out: Ibis writes them again.
    """

    def __init__(self, folder: Path) -> None:
        """Read what is kept in a folder."""
        self._kept = KeptByName(folder / "contract_queries.json", _key())

    def of(self, contract: TableContract, asked_of: str, write: Callable[[], Sequence[str]]) -> Sequence[str]:
        """The queries of a contract.

        Args:
            contract: The contract.
            asked_of: What they follow from beside it: the columns, as they are and as they shall be.
            write: Writes them; where it gives none, none are kept.
        """
        # Where a rule follows from a setting, it says which value.
        rules = [(rule.name, rule.says) for rule in contract.rules]
        told = json.dumps([asked_of, contract.grain, rules])
        digest = hashlib.sha256(told.encode()).hexdigest()
        found: list[str] = self._kept.of(f"{contract.key} {digest}", lambda: list(write()))
        return found

    def keep(self) -> None:
        """Keep what was written since it was read."""
        self._kept.keep()


@cache
def _key() -> str:
    package = Path(str(jobmatch_assets.__file__)).parent
    return key_of_files(package, _WRITTEN_BY, _LIBRARIES, pattern="*.py")
