"""Settings of alerts: who gets them, and where their links lead."""

from dataclasses import dataclass
from typing import Annotated

from jobmatch_assets.settings.setting import Setting
from jobmatch_assets.settings.webhooks import Webhook, ui_url, webhooks


@dataclass(frozen=True)
class AlertSettings:
    """Who gets alerts."""

    alert_webhooks: Annotated[
        tuple[Webhook, ...],
        Setting(
            "JOBMATCH_ALERT_WEBHOOKS",
            "Webhook URLs that alerts go to, with spaces between: of Slack or Discord as they are, others "
            "with slack+, discord+ or json+ before them. A secret. Empty: only the log has alerts.",
            "",
            webhooks,
            secret=True,
        ),
    ]
    ui_url: Annotated[
        str,
        Setting(
            "JOBMATCH_UI_URL",
            "Where the Dagster UI is; alerts link there.",
            "http://127.0.0.1:3000",
            ui_url,
        ),
    ]
