{# Activity of units: who comes, how often, and when again. #}

{# The events that are counted by name, as {event_name: column}. #}
{% macro counted_activity() -%}
    {{ return({
        'login': 'logins', 'signup': 'signups', 'search': 'searches', 'click': 'clicks', 'job_view': 'job_views',
        'bookmark': 'bookmarks', 'profile_update': 'profile_updates', 'apply': 'applies',
    }) }}
{%- endmacro %}
