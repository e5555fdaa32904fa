"""For every rule and every test of revenue, a change of rows that breaks it."""

RULES: dict[str, dict[str, str]] = {
    "revenue_monthly": {
        "month_start_is_the_first_of_a_month": "update {t} set month_start = month_start + 1",
        "currency_is_a_code": "update {t} set currency = 'euro' where currency = 'EUR'",
        "counts_are_not_negative": "update {t} set hours_overtime = -1",
        "net_is_a_sum": "update {t} set net = invoiced - credited where credited <> 0",
    },
}
"""{table: {rule: statement}}"""

RECONCILED: dict[str, tuple[str, str]] = {
    "revenue_monthly_companies_add_up": (
        "revenue_monthly",
        "update {t} set outstanding = outstanding + 1 where company_id = '__all__'",
    ),
    "revenue_monthly_reconciles_with_versions": (
        "revenue_monthly",
        "update {t} set tax = tax + 0.01",
    ),
    "revenue_monthly_outstanding_reconciles_with_versions": (
        "revenue_monthly",
        "update {t} set overdue = overdue + 0.01",
    ),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
