{{ config(**replace_entities_config('job')) }}

{{ entity_history('job') }}
