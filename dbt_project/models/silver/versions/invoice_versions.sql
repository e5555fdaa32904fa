{{ config(**replace_entities_config('invoice', key='invoice_id')) }}

{{ entity_versions('invoice') }}
