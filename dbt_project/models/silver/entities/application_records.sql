{{ config(**replace_entities_config('application')) }}

{{ entity_history('application') }}
