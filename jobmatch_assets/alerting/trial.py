"""A message to every webhook at once, for people who want to know whether alerts would arrive."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from jobmatch_assets.alerting.http_post import Outcome, post
from jobmatch_assets.alerting.payloads import trial_payload
from jobmatch_assets.settings import Webhook


def try_webhooks(
    webhooks: Sequence[Webhook],
    ui_url: str,
    send: Callable[[str, Mapping[str, Any]], Outcome] = post,
) -> list[Outcome]:
    """What became of a message to each of the webhooks, in their order; no outcome says where they are."""
    with ThreadPoolExecutor(max_workers=max(len(webhooks), 1)) as threads:
        return list(
            threads.map(lambda webhook: send(webhook.url, trial_payload(webhook.format, ui_url)), webhooks)
        )
