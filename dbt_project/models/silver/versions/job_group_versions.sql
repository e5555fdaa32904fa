{{ config(**replace_entities_config('job_group', key='group_id')) }}

{{ entity_versions('job_group') }}
