{#
  The columns of the table, which must be those of the model's contract: a table of an earlier version is built
  anew. The contract itself is compared with what the models build by the tests of the project; doing so here
  would cost a statement.
#}
{% macro columns_to_replace(relation) -%}
    {%- set has = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {%- if has | sort != model.columns | list | sort -%}
        {%- do exceptions.raise_compiler_error(
            relation ~ ' has the columns ' ~ has | join(', ') ~ ', the model has '
            ~ model.columns | join(', ') ~ '. Drop the table, and build all its dates again.'
        ) -%}
    {%- endif -%}
    {{ return(has) }}
{%- endmacro %}
