{{ config(**replace_entities_config(
    'company', key='company_id', cluster_by=['company_id'], member_key='company_key'
)) }}

{{ dimension(
    'company',
    [
        'name', 'industry', 'size_bucket', 'country', 'region', 'city', 'customer_type', 'status',
    ],
) }}
