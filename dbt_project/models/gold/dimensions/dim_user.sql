{{ config(**replace_entities_config('user', key='user_id', cluster_by=['user_id'])) }}

{{ dimension(
    'user',
    [
        'role', 'status', 'company_id', 'country',
    ],
) }}
