{{ config(**replace_entities_config('placement', key='placement_id')) }}

{{ entity_versions('placement') }}
