{{ config(**replace_entities_config('candidate', key='candidate_id')) }}

{{ entity_versions('candidate') }}
