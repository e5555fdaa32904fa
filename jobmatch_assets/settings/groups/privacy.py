"""Settings of erasure: the key that pseudonyms are made with."""

from dataclasses import dataclass
from typing import Annotated

from jobmatch_assets.settings import readers
from jobmatch_assets.settings.setting import Setting


@dataclass(frozen=True)
class PrivacySettings:
    """What erasure needs."""

    erasure_key: Annotated[
        str,
        Setting(
            "JOBMATCH_ERASURE_KEY",
            "Key of the pseudonyms that stand in the place of erased ids, 16 characters or more, the same "
            "for ever. A secret. Empty: nobody can be erased.",
            "",
            readers.key,
            secret=True,
        ),
    ]
