{{ config(**whole_config(cluster_by=['user_id'])) }}

{{ dimension(
    'user',
    [
        'role', 'status', 'company_id', 'country',
    ],
) }}
