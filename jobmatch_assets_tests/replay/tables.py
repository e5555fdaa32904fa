"""The eleven tables of entities as the contract has them, written down once more: the platform's own list is not used."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_LEVELS = "intern junior mid senior lead executive"
_KINDS_OF_WORK = (
    "full_time part_time contractor contract_to_hire temporary internship volunteer per_diem other"
)
_PLACES_OF_WORK = "onsite hybrid remote"
_PERIODS = "hour day week month year"
_BUDGET = """
    budget_amount decimal>=0 †
    budget_currency currency †
    budget_period enum(day week month total) †"""
_CAMPAIGN_STATUS = "status enum(draft active paused ended) †"

STATUSES = (
    *("submitted", "reviewed", "qualified", "disqualified", "shortlisted", "interview", "offered"),
    *("withdrawn", "rejected", "placed"),
)
"""Statuses of an application; of several at one time, the last of these counts."""

# A line is a column: name, type, then † tracked, § tracked by its hash, ! required. The first is the key.
_WRITTEN = {
    "company": """
    company_id id
    name text †
    industry text †
    size_bucket as_is(1-10 11-50 51-200 201-500 501-1000 1001-5000 5001-10000 10001+) †
    country country †
    region text †
    city text †
    customer_type enum(direct agency partner other) †
    status enum(active suspended closed) †
    website text""",
    "job": f"""
    job_id id
    company_id id †
    title text ! †
    description text §
    requisition_id id †
    reposted_from id †
    external_ref id
    url text
    language language
    category text †
    department text †
    seniority enum({_LEVELS}) †
    employment_types enum[]({_KINDS_OF_WORK}) †
    work_arrangement enum({_PLACES_OF_WORK}) †
    locations location[] †
    remote_countries country[] †
    openings int>=1 †
    salary_min decimal>=0 †
    salary_max decimal>=0 †
    salary_currency currency †
    salary_period enum({_PERIODS}) †
    salary_is_estimated bool †
    skills text[] †
    status enum(draft open paused filled closed cancelled) †
    is_evergreen bool †
    campaign_id integer_id †
    group_id integer_id †
    posted_at timestamp †
    expires_at timestamp †
    closed_at timestamp †
    close_reason enum(filled expired cancelled duplicate other) †""",
    "user": """
    user_id id
    role enum(candidate employer recruiter account_executive admin other) †
    status enum(pending active suspended deactivated) †
    candidate_id id
    company_id id †
    country country †
    last_login_at timestamp""",
    "candidate": f"""
    candidate_id id
    user_id id †
    headline text
    country country †
    region text †
    city text †
    willing_to_relocate bool †
    years_experience decimal †
    seniority enum({_LEVELS}) †
    education_level enum(none secondary vocational bachelor master doctorate) †
    languages text[] †
    skills text[] †
    availability enum(available open not_available) †
    available_from date †
    desired_employment_types enum[]({_KINDS_OF_WORK}) †
    desired_work_arrangements enum[]({_PLACES_OF_WORK}) †
    desired_salary_min decimal>=0 †
    desired_salary_max decimal>=0 †
    desired_salary_currency currency †
    desired_salary_period enum({_PERIODS}) †
    status enum(active hidden closed) †""",
    "application": f"""
    application_id id
    job_id id !
    candidate_id id
    user_id id
    status enum({" ".join(STATUSES)}) †
    applied_at timestamp
    reviewed_at timestamp
    decided_at timestamp
    rejection_reason text †
    withdrawal_reason text †
    channel enum(search recommendation email external direct referral sourced agency import other) †
    search_id id
    publisher_id integer_id
    campaign_id integer_id
    group_id integer_id
    resume_id id
    match_score decimal>=0<=100
    rating int>=1<=5""",
    "campaign": f"""
    campaign_id integer_id
    company_id id †
    name text †
    {_CAMPAIGN_STATUS}{_BUDGET}
    bid_amount decimal>=0 †
    starts_at timestamp †
    ends_at timestamp †
    closed_at timestamp †""",
    "job_group": f"""
    group_id integer_id
    campaign_id integer_id †
    company_id id †
    name text †
    {_CAMPAIGN_STATUS}{_BUDGET}""",
    "publisher": """
    publisher_id integer_id
    name text †
    kind enum(job_board aggregator social search programmatic other) †
    status enum(active paused ended) †
    currency currency †
    time_zone text †
    min_bid decimal>=0 †
    max_bid decimal>=0 †
    countries country[] †""",
    "placement": f"""
    placement_id id
    application_id id
    job_id id
    candidate_id id
    company_id id
    kind enum(direct_hire contract contract_to_hire temporary other) †
    status enum(accepted active completed terminated cancelled) †
    placed_at timestamp !
    starts_on date †
    ends_on date †
    pay_rate decimal †
    bill_rate decimal †
    rate_period enum({_PERIODS}) †
    currency currency †
    fee_amount decimal †
    fee_currency currency †
    end_reason text †""",
    "timesheet": """
    timesheet_id id
    placement_id id !
    week_starting date !
    regular_hours decimal>=0<=168 †
    overtime_hours decimal>=0<=168 †
    expenses_amount decimal †
    currency currency †
    status enum(draft submitted approved rejected paid) †
    submitted_at timestamp
    approved_at timestamp""",
    "invoice": """
    invoice_id id
    invoice_number id
    company_id id
    placement_id id
    kind enum(invoice credit_note) †
    subtotal decimal †
    tax_amount decimal †
    total decimal ! †
    currency currency ! †
    status enum(draft sent viewed paid overdue cancelled) †
    issued_on date †
    due_on date †
    sent_at timestamp
    paid_at timestamp""",
}

_OF_EVERY_TABLE = """
    created_at timestamp
    updated_at timestamp"""


@dataclass(frozen=True)
class Column:
    """A column; `kind` is its type, that of an element where it is a list."""

    name: str
    kind: str
    is_list: bool
    words: tuple[str, ...]
    least: int | None
    most: int | None
    is_tracked: bool
    is_hashed: bool
    is_required: bool


@dataclass(frozen=True)
class Table:
    name: str
    plural: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> Column:
        return self.columns[0]

    @cached_property
    def others(self) -> tuple[Column, ...]:
        """All columns but the key."""
        return self.columns[1:]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


def _columns(written: str) -> Iterator[Column]:
    for line in written.strip().splitlines():
        name, rest = line.strip().split(" ", 1)
        marks = rest[len(rest.rstrip(" †§!")) :]
        kind, _, words = rest.rstrip(" †§!").rstrip(")").partition("(")
        kind, _, most = kind.partition("<=")
        kind, _, least = kind.partition(">=")
        yield Column(
            name=name,
            kind=kind.removesuffix("[]"),
            is_list=kind.endswith("[]"),
            words=tuple(words.split()),
            least=int(least) if least else None,
            most=int(most) if most else None,
            is_tracked="†" in marks or "§" in marks,
            is_hashed="§" in marks,
            is_required="!" in marks,
        )


_PLURALS = {"company": "companies"}

TABLES = {
    name: Table(name, _PLURALS.get(name, f"{name}s"), tuple(_columns(written + _OF_EVERY_TABLE)))
    for name, written in _WRITTEN.items()
}
"""{name: table}"""

DIMENSIONS = ("job", "company", "candidate", "user", "campaign", "job_group", "publisher")
"""Tables that have a dimension."""
