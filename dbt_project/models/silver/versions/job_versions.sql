{{ config(**replace_entities_config('job', key='job_id')) }}

{{ entity_versions('job') }}
