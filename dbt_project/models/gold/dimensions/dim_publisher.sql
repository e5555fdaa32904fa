{{ config(**replace_entities_config(
    'publisher', key='publisher_id', cluster_by=['publisher_id'], member_key='publisher_key'
)) }}

{{ dimension(
    'publisher',
    [
        'name', 'kind', 'status', 'currency', 'time_zone', 'min_bid', 'max_bid', 'countries',
    ],
    has_text_id=false,
) }}
