"""The tables of the world: their keys, and the columns whose change makes a version."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table of the product's database.

    Attributes:
        name: What one row is.
        plural: What a file of several is called.
        key: The column that names an entity.
        tracked: A change of these is a new version.
        hashed: So is one of this long text, which is told apart by its SHA-256.
    """

    name: str
    plural: str
    key: str
    tracked: tuple[str, ...]
    hashed: str | None = None


def _table(name: str, plural: str, tracked: str, key: str | None = None, hashed: str | None = None) -> Table:
    return Table(name, plural, key or f"{name}_id", tuple(tracked.split()), hashed)


_BUDGET = "company_id name status budget_amount budget_currency budget_period"
_SALARY = "salary_min salary_max salary_currency salary_period"
_DESIRED = " ".join(f"desired_{column}" for column in ("employment_types", "work_arrangements"))

COMPANY = _table("company", "companies", "name industry size_bucket country region city customer_type status")
JOB = _table(
    "job",
    "jobs",
    "company_id title requisition_id reposted_from category department seniority employment_types "
    "work_arrangement locations remote_countries openings salary_is_estimated skills status "
    f"is_evergreen campaign_id group_id posted_at expires_at closed_at close_reason {_SALARY}",
    hashed="description",
)
USER = _table("user", "users", "role status company_id country")
CANDIDATE = _table(
    "candidate",
    "candidates",
    "user_id country region city willing_to_relocate years_experience seniority education_level languages "
    f"skills availability available_from status {_DESIRED} "
    + " ".join(f"desired_{column}" for column in _SALARY.split()),
)
APPLICATION = _table("application", "applications", "status rejection_reason withdrawal_reason channel")
CAMPAIGN = _table("campaign", "campaigns", f"{_BUDGET} bid_amount starts_at ends_at closed_at")
JOB_GROUP = _table("job_group", "job_groups", f"campaign_id {_BUDGET}", key="group_id")
PUBLISHER = _table("publisher", "publishers", "name kind status currency time_zone min_bid max_bid countries")
PLACEMENT = _table(
    "placement",
    "placements",
    "kind status starts_on ends_on pay_rate bill_rate rate_period currency fee_amount fee_currency "
    "end_reason",
)
TIMESHEET = _table("timesheet", "timesheets", "regular_hours overtime_hours expenses_amount currency status")
INVOICE = _table("invoice", "invoices", "kind subtotal tax_amount total currency status issued_on due_on")

TABLES = (
    *(COMPANY, JOB, USER, CANDIDATE, APPLICATION, CAMPAIGN),
    *(JOB_GROUP, PUBLISHER, PLACEMENT, TIMESHEET, INVOICE),
)
