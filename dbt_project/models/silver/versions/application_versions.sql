{{ config(**replace_entities_config('application', key='application_id')) }}

{{ entity_versions('application') }}
