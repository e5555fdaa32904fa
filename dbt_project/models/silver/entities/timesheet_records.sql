{{ config(**replace_entities_config('timesheet')) }}

{{ entity_history('timesheet') }}
