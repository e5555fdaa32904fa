{{ config(**whole_config(cluster_by=['publisher_id'])) }}

{{ dimension(
    'publisher',
    [
        'name', 'kind', 'status', 'currency', 'time_zone', 'min_bid', 'max_bid', 'countries',
    ],
    has_text_id=false,
) }}
