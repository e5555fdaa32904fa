{{ config(**replace_entities_config('user', key='user_id')) }}

{{ entity_versions('user') }}
