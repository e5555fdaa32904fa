"""Names of fields about a person, which stay in bronze wherever they come in a record."""

PERSONAL_NAMES = (
    *(
        "first_name",
        "last_name",
        "full_name",
        "email",
        "phone",
        "street_address",
        "photo_url",
        "gender",
        "sex",
    ),
    *("race", "ethnicity", "religion", "birth_date", "age", "nationality", "marital_status"),
    *("sexual_orientation", "pregnancy"),
)

PERSONAL_BEGINNINGS = ("disability", "veteran", "health")

NAMES_OF_PEOPLE = ("candidate", "user")
"""Tables whose `name` is that of a person."""

LINKS_OF_PEOPLE = ("candidate",)
"""Tables whose fields that end with `_url` lead to a person."""

REMOVED = "[removed]"
"""What a raw record in quarantine reads in place of such a value."""
