{#
  Whether a text nests arrays and objects more than 512 deep: told from its characters, since parsers recurse.
  What is no JSON anyway may count as too deep, too. Only a text with more than 512 brackets is looked at
  closely: strings go, and all but brackets; then each pass removes whatever is nested at most 64 deep, so
  that something is left where more passes would be needed than 512 levels have.
#}
{% macro nests_too_deeply(text) -%}
    {%- set most, at_once = 512, 64 -%}
    {%- set strings = '"[^"\\\\]*(?:\\\\(?s:.)[^"\\\\]*)*"?' -%}
    {%- set group = namespace(pattern='') -%}
    {%- for _ in range(at_once) -%}{%- set group.pattern = '(?:\\[' ~ group.pattern ~ '\\])*' -%}{%- endfor -%}
    {%- set left = namespace(expression='translate('
        ~ replace_all(replace_all(text, strings, "''"), '[^][{}]+', "''") ~ ", '{}', '[]')") -%}
    {%- for _ in range(most // at_once) -%}
        {%- set left.expression = replace_all(left.expression, group.pattern[:-1] ~ '+', "''") -%}
    {%- endfor -%}
    case
        when {{ byte_count(text) }} <= {{ 2 * most }} then false
        when {{ parts_count(text, '[') }} + {{ parts_count(text, '{') }} - 2 <= {{ most }} then false
        else {{ left.expression }} <> ''
    end
{%- endmacro %}
