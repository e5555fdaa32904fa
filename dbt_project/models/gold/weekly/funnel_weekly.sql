{{ config(**replace_window_config(
    'week_start', unit='week', cluster_by=['platform', 'device_type', 'surface']
)) }}

{{ funnel('week_start', 'week') }}
