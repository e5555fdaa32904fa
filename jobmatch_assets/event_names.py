"""The names of the event contract, which settings, contracts and checks all know."""

EVENT_NAMES = (
    *("session_start", "search", "impression", "click", "apply", "signup"),
    *("job_view", "apply_start", "application_status", "login", "profile_update", "bookmark"),
)
