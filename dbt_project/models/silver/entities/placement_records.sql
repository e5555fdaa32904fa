{{ config(**replace_entities_config('placement')) }}

{{ entity_history('placement') }}
