"""`jobmatch alerts`: whether webhooks take messages."""

import sys

import click

from jobmatch_assets.cli.problems import one_paragraph_errors, tell_error
from jobmatch_assets.cli.terminal import out
from jobmatch_assets.settings import Settings, SettingsError


@click.command()
@click.option("--test", is_flag=True, help="Send a message to each webhook of JOBMATCH_ALERT_WEBHOOKS.")
def alerts(test: bool) -> None:
    """Try the webhooks that alerts are sent to.

    Alerts themselves are sent by the sensor `alerts`, while `make dev` or the Dagster daemon runs. Ends with
    exit code 1 where a webhook does not take the message, and with 2 where none is set.
    """
    from jobmatch_assets.alerting.trial import try_webhooks

    if not test:
        raise click.UsageError("say --test to send a message to each webhook")
    with one_paragraph_errors():
        settings = Settings.from_environment()
        webhooks = settings.alert_webhooks
        if not webhooks:
            raise SettingsError(
                "JOBMATCH_ALERT_WEBHOOKS names no webhook, so alerts go to the log only. Set it to the URL "
                "of an incoming webhook of Slack or Discord, or to slack+, discord+ or json+ and a URL; "
                "several stand apart by spaces."
            )
        outcomes = try_webhooks(webhooks, settings.ui_url)
    for number, (webhook, outcome) in enumerate(zip(webhooks, outcomes, strict=True), start=1):
        name = f"Entry {number} of JOBMATCH_ALERT_WEBHOOKS, the {webhook}"
        if outcome.problem:
            advice = ". Check its URL" if outcome.is_setup else ""
            tell_error(f"{name}: not delivered: {outcome.problem}{advice}.")
        else:
            out.print(f"{name}: delivered", markup=False, soft_wrap=True)
    sys.exit(1 if any(outcome.problem for outcome in outcomes) else 0)
