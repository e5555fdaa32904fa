{{ config(**replace_entities_config('company', key='company_id')) }}

{{ entity_versions('company') }}
