{{ config(**replace_entities_config('job_group')) }}

{{ entity_history('job_group') }}
