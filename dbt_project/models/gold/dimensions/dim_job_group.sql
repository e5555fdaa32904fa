{{ config(**replace_entities_config(
    'job_group', key='group_id', cluster_by=['group_id'], member_key='job_group_key'
)) }}

{{ dimension(
    'job_group',
    [
        'campaign_id', 'company_id', 'name', 'status', 'budget_amount', 'budget_currency',
        'budget_period',
    ],
    has_text_id=false,
) }}
