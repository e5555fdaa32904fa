{{ config(**replace_entities_config('company')) }}

{{ entity_history('company') }}
