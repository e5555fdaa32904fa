{{ config(**replace_entities_config('timesheet', key='timesheet_id')) }}

{{ entity_versions('timesheet') }}
