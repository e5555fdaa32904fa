{{ config(**replace_entities_config('publisher')) }}

{{ entity_history('publisher') }}
