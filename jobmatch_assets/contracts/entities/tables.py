"""The eleven tables of entities and their columns. The dbt models have a copy; a test compares the two."""

from jobmatch_assets.contracts.entities.columns import (
    EntityColumn,
    EntityTable,
    key,
    number,
    plain,
    tracked,
    tracked_list,
    word,
)

SENIORITIES = ("intern", "junior", "mid", "senior", "lead", "executive")

EMPLOYMENT_TYPES = (
    *("full_time", "part_time", "contractor", "contract_to_hire", "temporary"),
    *("internship", "volunteer", "per_diem", "other"),
)

WORK_ARRANGEMENTS = ("onsite", "hybrid", "remote")

PAY_PERIODS = ("hour", "day", "week", "month", "year")

BUDGET_PERIODS = ("day", "week", "month", "total")

CAMPAIGN_STATUSES = ("draft", "active", "paused", "ended")

STATUSES_IN_ORDER = (
    *("submitted", "reviewed", "qualified", "disqualified", "shortlisted"),
    *("interview", "offered", "withdrawn", "rejected", "placed"),
)
"""Statuses of an application; at equal times the later of them counts."""

STAGES_OF_HIRING = ("submitted", "reviewed", "shortlisted", "interview", "offered", "placed")
"""Who has reached one of them has reached those before it."""

CLOSED_STATUSES = ("placed", "rejected", "withdrawn", "disqualified")

_SIZES = ("1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+")

_EVERY_TABLE = plain("timestamp", "created_at", "updated_at")


def _salary(prefix: str = "") -> list[EntityColumn]:
    return [
        number("decimal", f"{prefix}salary_min", 0),
        number("decimal", f"{prefix}salary_max", 0),
        *tracked("currency", f"{prefix}salary_currency"),
        word(f"{prefix}salary_period", PAY_PERIODS),
    ]


def _budget() -> list[EntityColumn]:
    return [
        number("decimal", "budget_amount", 0),
        *tracked("currency", "budget_currency"),
        word("budget_period", BUDGET_PERIODS),
    ]


COMPANY = EntityTable(
    "company",
    "companies",
    (
        key("company_id"),
        *tracked("text", "name", "industry"),
        EntityColumn("size_bucket", "exact_word", "tracked", words=_SIZES),
        *tracked("country", "country"),
        *tracked("text", "region", "city"),
        word("customer_type", ("direct", "agency", "partner", "other")),
        word("status", ("active", "suspended", "closed")),
        *plain("text", "website"),
        *_EVERY_TABLE,
    ),
)

JOB = EntityTable(
    "job",
    "jobs",
    (
        key("job_id"),
        *tracked("id", "company_id"),
        *tracked("text", "title", required=True),
        EntityColumn("description", "text", "hashed"),
        *tracked("id", "requisition_id", "reposted_from"),
        *plain("id", "external_ref"),
        *plain("text", "url"),
        *plain("language", "language"),
        *tracked("text", "category", "department"),
        word("seniority", SENIORITIES),
        word("employment_types", EMPLOYMENT_TYPES, is_list=True),
        word("work_arrangement", WORK_ARRANGEMENTS),
        *tracked_list("location", "locations"),
        *tracked_list("country", "remote_countries"),
        number("integer", "openings", 1),
        *_salary(),
        *tracked("bool", "salary_is_estimated"),
        *tracked_list("text", "skills"),
        word("status", ("draft", "open", "paused", "filled", "closed", "cancelled")),
        *tracked("bool", "is_evergreen"),
        *tracked("integer_id", "campaign_id", "group_id"),
        *tracked("timestamp", "posted_at", "expires_at", "closed_at"),
        word("close_reason", ("filled", "expired", "cancelled", "duplicate", "other")),
        *_EVERY_TABLE,
    ),
)

USER = EntityTable(
    "user",
    "users",
    (
        key("user_id"),
        word("role", ("candidate", "employer", "recruiter", "account_executive", "admin", "other")),
        word("status", ("pending", "active", "suspended", "deactivated")),
        *plain("id", "candidate_id"),
        *tracked("id", "company_id"),
        *tracked("country", "country"),
        *plain("timestamp", "last_login_at"),
        *_EVERY_TABLE,
    ),
)

CANDIDATE = EntityTable(
    "candidate",
    "candidates",
    (
        key("candidate_id"),
        *tracked("id", "user_id"),
        *plain("text", "headline"),
        *tracked("country", "country"),
        *tracked("text", "region", "city"),
        *tracked("bool", "willing_to_relocate"),
        number("decimal", "years_experience"),
        word("seniority", SENIORITIES),
        word("education_level", ("none", "secondary", "vocational", "bachelor", "master", "doctorate")),
        *tracked_list("text", "languages", "skills"),
        word("availability", ("available", "open", "not_available")),
        *tracked("date", "available_from"),
        word("desired_employment_types", EMPLOYMENT_TYPES, is_list=True),
        word("desired_work_arrangements", WORK_ARRANGEMENTS, is_list=True),
        *_salary("desired_"),
        word("status", ("active", "hidden", "closed")),
        *_EVERY_TABLE,
    ),
)

APPLICATION = EntityTable(
    "application",
    "applications",
    (
        key("application_id"),
        *plain("id", "job_id", required=True),
        *plain("id", "candidate_id", "user_id"),
        word("status", STATUSES_IN_ORDER),
        *plain("timestamp", "applied_at", "reviewed_at", "decided_at"),
        *tracked("text", "rejection_reason", "withdrawal_reason"),
        word(
            "channel",
            (
                *("search", "recommendation", "email", "external", "direct"),
                *("referral", "sourced", "agency", "import", "other"),
            ),
        ),
        *plain("id", "search_id"),
        *plain("integer_id", "publisher_id", "campaign_id", "group_id"),
        *plain("id", "resume_id"),
        number("decimal", "match_score", 0, 100, "plain"),
        number("integer", "rating", 1, 5, "plain"),
        *_EVERY_TABLE,
    ),
)

CAMPAIGN = EntityTable(
    "campaign",
    "campaigns",
    (
        key("campaign_id", "integer_id"),
        *tracked("id", "company_id"),
        *tracked("text", "name"),
        word("status", CAMPAIGN_STATUSES),
        *_budget(),
        number("decimal", "bid_amount", 0),
        *tracked("timestamp", "starts_at", "ends_at", "closed_at"),
        *_EVERY_TABLE,
    ),
)

JOB_GROUP = EntityTable(
    "job_group",
    "job_groups",
    (
        key("group_id", "integer_id"),
        *tracked("integer_id", "campaign_id"),
        *tracked("id", "company_id"),
        *tracked("text", "name"),
        word("status", CAMPAIGN_STATUSES),
        *_budget(),
        *_EVERY_TABLE,
    ),
)

PUBLISHER = EntityTable(
    "publisher",
    "publishers",
    (
        key("publisher_id", "integer_id"),
        *tracked("text", "name"),
        word("kind", ("job_board", "aggregator", "social", "search", "programmatic", "other")),
        word("status", ("active", "paused", "ended")),
        *tracked("currency", "currency"),
        *tracked("text", "time_zone"),
        number("decimal", "min_bid", 0),
        number("decimal", "max_bid", 0),
        *tracked_list("country", "countries"),
        *_EVERY_TABLE,
    ),
)

PLACEMENT = EntityTable(
    "placement",
    "placements",
    (
        key("placement_id"),
        *plain("id", "application_id", "job_id", "candidate_id", "company_id"),
        word("kind", ("direct_hire", "contract", "contract_to_hire", "temporary", "other")),
        word("status", ("accepted", "active", "completed", "terminated", "cancelled")),
        *plain("timestamp", "placed_at", required=True),
        *tracked("date", "starts_on", "ends_on"),
        *tracked("decimal", "pay_rate", "bill_rate"),
        word("rate_period", PAY_PERIODS),
        *tracked("currency", "currency"),
        *tracked("decimal", "fee_amount"),
        *tracked("currency", "fee_currency"),
        *tracked("text", "end_reason"),
        *_EVERY_TABLE,
    ),
)

TIMESHEET = EntityTable(
    "timesheet",
    "timesheets",
    (
        key("timesheet_id"),
        *plain("id", "placement_id", required=True),
        *plain("date", "week_starting", required=True),
        number("decimal", "regular_hours", 0, 168),
        number("decimal", "overtime_hours", 0, 168),
        *tracked("decimal", "expenses_amount"),
        *tracked("currency", "currency"),
        word("status", ("draft", "submitted", "approved", "rejected", "paid")),
        *plain("timestamp", "submitted_at", "approved_at"),
        *_EVERY_TABLE,
    ),
)

INVOICE = EntityTable(
    "invoice",
    "invoices",
    (
        key("invoice_id"),
        *plain("id", "invoice_number", "company_id", "placement_id"),
        word("kind", ("invoice", "credit_note")),
        *tracked("decimal", "subtotal", "tax_amount"),
        *tracked("decimal", "total", required=True),
        *tracked("currency", "currency", required=True),
        word("status", ("draft", "sent", "viewed", "paid", "overdue", "cancelled")),
        *tracked("date", "issued_on", "due_on"),
        *plain("timestamp", "sent_at", "paid_at"),
        *_EVERY_TABLE,
    ),
)

ENTITY_TABLES = (
    *(
        COMPANY,
        JOB,
        USER,
        CANDIDATE,
        APPLICATION,
        CAMPAIGN,
        JOB_GROUP,
        PUBLISHER,
        PLACEMENT,
        TIMESHEET,
        INVOICE,
    ),
)

DIMENSIONS = (JOB, COMPANY, CANDIDATE, USER, CAMPAIGN, JOB_GROUP, PUBLISHER)
"""The tables that have a dimension in gold."""


def entity_table_of(name: str) -> EntityTable | None:
    """The table that a folder or file is named after, in singular or plural; None where there is none."""
    return next((table for table in ENTITY_TABLES if name in (table.name, table.plural)), None)
