{{ config(**whole_config()) }}

{{ entity_versions('timesheet') }}
