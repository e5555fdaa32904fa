"""What each number means, read from dbt's metrics, and answers to questions for them.

`metric.py` and `dictionary.py` read a manifest and need no library; what asks MetricFlow imports it
there and then.
"""

from jobmatch_assets.dictionary.dictionary import Dictionary
from jobmatch_assets.dictionary.metric import Metric

__all__ = ["Dictionary", "Metric"]
