{{ config(**replace_entities_config('user')) }}

{{ entity_history('user') }}
