{{ config(**replace_entities_config('invoice')) }}

{{ entity_history('invoice') }}
