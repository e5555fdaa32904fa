"""For every rule of the last date that is counted, a change of rows that breaks it."""

RULES: dict[str, dict[str, str]] = {
    "last_date": {"close_is_that_of_the_date": "update {t} set closes_at = closes_at + interval 1 hour"},
}

RECONCILED: dict[str, tuple[str, str]] = {}
