{{ config(**replace_window_config('event_date', cluster_by=['platform', 'device_type', 'surface'])) }}

{{ funnel('event_date', 'day') }}
