{{ config(**whole_config()) }}

{{ entity_history('application') }}
