"""The settings of the platform: environment variables, each described once, in `groups`."""

from jobmatch_assets.settings.in_force import SETTINGS, Settings
from jobmatch_assets.settings.locations import PROJECT_DIR
from jobmatch_assets.settings.setting import SettingsError
from jobmatch_assets.settings.webhooks import Webhook, WebhookFormat

__all__ = ["PROJECT_DIR", "SETTINGS", "Settings", "SettingsError", "Webhook", "WebhookFormat"]
