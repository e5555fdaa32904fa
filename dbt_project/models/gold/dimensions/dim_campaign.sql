{{ config(**replace_entities_config(
    'campaign', key='campaign_id', cluster_by=['campaign_id'], member_key='campaign_key'
)) }}

{{ dimension(
    'campaign',
    [
        'company_id', 'name', 'status', 'budget_amount', 'budget_currency', 'budget_period',
        'bid_amount', 'starts_at', 'ends_at', 'closed_at',
    ],
    has_text_id=false,
) }}
