{{ config(**replace_entities_config('candidate')) }}

{{ entity_history('candidate') }}
