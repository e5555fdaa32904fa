"""Where a connector begins: a replication slot, and the snapshot of all tables that fits its log."""

from jobmatch_assets_tests.bench.logical_log import PLUGIN, lsn_of
from jobmatch_assets_tests.bench.postgres import Postgres
from jobmatch_assets_tests.postgres.product_database import TABLES, now_of, rows_of
from jobmatch_assets_tests.postgres.replay import Reads


class Slot:
    """A slot that is being made, which waits for the transactions that are at work.

    Attributes:
        name: What it is called.
    """

    name = "feed"

    def __init__(self, server: Postgres) -> None:
        self._server = server
        # The snapshot lasts as long as this session does nothing else.
        self._session = server.session("replication=database")
        self._session.send(f"CREATE_REPLICATION_SLOT {self.name} LOGICAL {PLUGIN}")

    def wait(self) -> None:
        """Wait until it is made."""
        (made,) = self._session.receive()
        _, lsn, self._snapshot, _ = made.strip().split("|")
        self._lsn = lsn_of(lsn)

    def read_snapshot(self) -> Reads:
        """Read all tables as they were when it was made."""
        session = self._server.session()
        session.run("begin isolation level repeatable read")
        session.run(f"set transaction snapshot '{self._snapshot}'")
        reads = Reads({table: rows_of(session, table) for table in TABLES}, now_of(session), self._lsn)
        session.run("commit")
        return reads
