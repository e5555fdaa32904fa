"""`make lineage`: trace the models that were changed."""

import logging

from jobmatch_assets.pipeline.lineage.compute import renew_record
from jobmatch_assets.pipeline.lineage.record import record_path

logging.basicConfig(format="%(message)s")
print(f"Traced: {', '.join(renew_record()) or 'nothing has changed'}. Kept in {record_path()}.")
