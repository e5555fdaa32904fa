{{ config(**replace_entities_config('campaign', key='campaign_id')) }}

{{ entity_versions('campaign') }}
