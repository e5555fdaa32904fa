"""Where the published copy may stand: it takes no place but that of an older copy."""

from pathlib import Path

from jobmatch_assets.warehouse.port import WarehouseError
from jobmatch_assets.warehouse.publication.look import look_into


def check_published_path(path: Path, warehouse: Path) -> None:
    """See that a new copy would take no place but that of an old one.

    Args:
        path: The file of the copy, which need not exist.
        warehouse: The file of the warehouse, where it is one.

    Raises:
        WarehouseError: It is a file of the warehouse, by whatever link, or something else that is no copy.
    """
    real, real_warehouse = path.resolve(), warehouse.resolve()
    of_warehouse = [real_warehouse, *(Path(f"{real_warehouse}{end}") for end in (".wal", ".lock", ".tmp"))]
    for file in of_warehouse:
        if real == file or (real.exists() and file.exists() and real.samefile(file)):
            raise WarehouseError(
                f"JOBMATCH_PUBLISHED_PATH={path} is {file}, a file of the warehouse itself "
                "(JOBMATCH_DUCKDB_PATH). Name another file. Nothing was changed."
            )
    if real.exists() and (holds := look_into(real).other):
        raise WarehouseError(
            f"JOBMATCH_PUBLISHED_PATH={path} exists and is no copy of gold that was published before: it "
            f"{holds}. Name another file, or move this one away. Nothing was changed."
        )
