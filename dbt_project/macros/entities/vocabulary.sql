{#
  The tables of the entity contract and their columns. A column says how its values are read (kind), what it decides
  (role: key, plain, tracked, hashed), and where it matters: required, is_list, words, least and most.
#}

{% macro entity_columns(table) -%}
    {%- set columns = [] -%}
    {%- for column in entity_tables()[table] -%}
        {%- do columns.append(dict(
            {'role': 'plain', 'required': false, 'is_list': false, 'words': [], 'least': none, 'most': none}, **column
        )) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{# The columns whose change opens a version. #}
{% macro tracked_columns(table) -%}
    {{ return(entity_columns(table) | selectattr('role', 'in', ['tracked', 'hashed']) | list) }}
{%- endmacro %}

{% macro entity_key_column(table) -%}{{ return(entity_columns(table)[0]) }}{%- endmacro %}

{# The first of the reasons that applies decides. #}
{% macro entity_reasons() -%}
    {{ return([
        'record_too_long', 'not_utf8', 'not_json', 'not_an_object', 'bad_csv_row', 'unsupported_op',
        'bad_envelope', 'missing_key', 'bad_change_time', 'changed_in_future', 'changed_too_early',
        'bad_required_field',
    ]) }}
{%- endmacro %}

{# Names of fields about a person, in any case of letters. #}
{% macro personal_names() -%}
    {{ return([
        'first_name', 'last_name', 'full_name', 'email', 'phone', 'street_address', 'photo_url', 'gender',
        'sex', 'race', 'ethnicity', 'religion', 'birth_date', 'age', 'nationality', 'marital_status',
        'sexual_orientation', 'pregnancy',
    ]) }}
{%- endmacro %}

{# What other such names begin with. #}
{% macro personal_beginnings() -%}
    {{ return([
        'disability', 'veteran', 'health',
    ]) }}
{%- endmacro %}

{# Tables whose `name` is that of a person. #}
{% macro names_of_people() -%}
    {{ return([
        'candidate', 'user',
    ]) }}
{%- endmacro %}

{# Tables whose fields that end with `_url` lead to a person. #}
{% macro links_of_people() -%}
    {{ return([
        'candidate',
    ]) }}
{%- endmacro %}

{# What Debezium sends in place of a large value that an update did not touch. #}
{% macro unchanged_value() -%}{{ return('__debezium_unavailable_value') }}{%- endmacro %}
