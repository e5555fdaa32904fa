{{ config(**replace_entities_config('publisher', key='publisher_id')) }}

{{ entity_versions('publisher') }}
