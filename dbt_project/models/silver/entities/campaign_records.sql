{{ config(**replace_entities_config('campaign')) }}

{{ entity_history('campaign') }}
