{#
  Names of personal data in JSON text, whose values stay in bronze. Of an attribute in XML (`@email`, `contact@email`)
  each part is a name. Which names these are depends on the table.
#}

{# A pattern of one personal name, whatever the case of its letters. #}
{% macro personal_name_pattern(table) -%}
    {%- set endings = '|[^"@\\\\]*_url' if table in links_of_people() else '' -%}
    {%- set names = personal_names() + (['name'] if table in names_of_people() else []) -%}
    {{ return('(?:' ~ names | join('|') ~ '|(?:' ~ personal_beginnings() | join('|') ~ ')[^"@\\\\]*' ~ endings ~ ')') }}
{%- endmacro %}

{# The tables of entities, those with the same personal names together. #}
{% macro tables_by_personal_names() -%}
    {%- set found = {} -%}
    {%- for table in entity_tables() -%}
        {%- do found.setdefault(personal_name_pattern(table), []).append(table) -%}
    {%- endfor -%}
    {{ return(found.values() | list) }}
{%- endmacro %}

{# Whether JSON text may hold a personal name: as that of a member, or within a text that is JSON itself. #}
{% macro may_be_personal(text, table) -%}
    (
        {{ matches(text, '(?i)["@]' ~ personal_name_pattern(table) ~ '\\\\*["@]') }}
        or {{ matches(text, '\\\\\\\\u') }}
    )
{%- endmacro %}

{# Whether the name of a member, a text, is personal. #}
{% macro is_personal_name(name, table) -%}
    {{ matches(name, '(?i)(?:^|@)' ~ personal_name_pattern(table) ~ '(?:$|@)') }}
{%- endmacro %}

{#
  JSON text without what is personal: members by their names, and texts that are JSON with such a name in it. They are
  left out, or stand there with `instead`, a JSON text, as their value. The text is as the engine writes it.
#}
{% macro without_personal(text, table, instead='') -%}
    case
        when {{ may_be_personal(text, table) }}
            then {{ adapter.dispatch('without_personal_tokens')(text, table, instead) }}
        else {{ text }}
    end
{%- endmacro %}

{# A record as it came, with [removed] for what is personal; NULL where it was no text. #}
{% macro shown_record(line, form, reason, table) -%}
    {%- set removed = "'[removed]'" -%}
    case
        when {{ form }} <> 'text' then null
        when {{ reason }} in ('not_json', 'not_an_object', 'bad_csv_row')
            then
            {%- if table in names_of_people() %} {{ removed }}
            {%- else %} case when {{ names_a_person(line, table) }} then {{ removed }} else {{ line }} end
            {%- endif %}
        when {{ may_be_personal(line, table) }}
            then {{ without_marks(without_personal(
                '(' ~ rewritten_json('(' ~ with_marked_numbers(line) ~ ')') ~ ')', table, instead='"[removed]"'
            )) }}
        else {{ line }}
    end
{%- endmacro %}

{# Whether a personal name stands anywhere in a text, which need not be JSON. #}
{% macro names_a_person(text, table) -%}
    (
        {{ matches(text, '(?i)(?:^|[^a-z_])' ~ personal_name_pattern(table) ~ '(?:$|[^a-z_])') }}
        or {{ matches(text, '\\\\u') }}
    )
{%- endmacro %}

{#
  The text is taken apart into tokens: a value with its name before it, an opening or closing bracket, a comma. One that is
  personal is left out; where it opens a bracket, so is everything until that is closed (`depth` counts the open ones).
  Then commas go that stand beside nothing.
#}
{% macro duckdb__without_personal_tokens(text, table, instead) -%}
    {%- set string = '"(?:[^"\\\\]|\\\\.)*"' -%}
    {%- set token = '(?:' ~ string ~ ':)?(?:' ~ string ~ '|[{[]|[^][{}",:]+)|[]},]' -%}
    {%- set name = "regexp_extract(token, '^(" ~ string ~ "):', 1)" -%}
    {%- set content = "regexp_extract(token, '(" ~ string ~ ")$', 1)" -%}
    {#- What is asked for again and again is told first, so that the query does not spell it each time. -#}
    {%- set pieces -%}
        list_transform(
            regexp_extract_all({{ text }}, '{{ token }}'),
            lambda token: struct_pack(
                token := token,
                name := case when {{ name }} <> '' then {{ json_string(name) }} else '' end,
                content := case when {{ content }} <> '' then {{ trimmed(json_string(content)) }} else '' end
            )
        )
    {%- endset -%}
    {%- set tokens -%}
        list_transform(
            {{ pieces }},
            lambda piece: struct_pack(
                token := piece.token,
                depth := case
                    when not ({{ is_personal_name('piece.name', table) }} or {{ hides_personal('piece.content', table) }})
                        then 0
                    when piece.token[-1] in ('{', '[') then 1
                    else -1
                end
            )
        )
    {%- endset -%}
    list_reduce(
        {{ tokens }},
        lambda kept, next: struct_pack(
            token := case
                when kept.depth > 0 then kept.token
                when next.depth <> 0
                    then kept.token{% if instead %} || regexp_extract(next.token, '^{{ string }}:') || '{{ instead }}'{% endif %}
                when next.token = ',' and kept.token[-1] in ('{', '[', ',') then kept.token
                when next.token in ('}', ']') and kept.token[-1] = ',' then kept.token[:-2] || next.token
                else kept.token || next.token
            end,
            depth := case
                when kept.depth > 0
                    then kept.depth + case
                        when next.token[-1] in ('{', '[') then 1
                        when next.token in ('}', ']') then -1
                        else 0
                    end
                else greatest(next.depth, 0)
            end
        ),
        struct_pack(token := '', depth := 0)
    ).token
{%- endmacro %}

{#
  The same without commas as tokens. An opened bracket is closed by the next bracket of its level; commas stand where
  nothing opens before and nothing closes behind them.
#}
{% macro bigquery__without_personal_tokens(text, table, instead) -%}
    {%- set string = '"(?:[^"\\\\]|\\\\.)*"' -%}
    {%- set token = '(?:' ~ string ~ ':)?(?:' ~ string ~ '|[{[]|[^][{}",:]+)|[]}]' -%}
    {%- set name = first_group('token', '^(' ~ string ~ '):') -%}
    {%- set content = first_group('token', '(' ~ string ~ ')$') -%}
    (
        select string_agg(piece, '' order by place)
        from (
            select
                place,
                case
                    when substr(lag(token) over (order by place), -1) not in ('{', '[') and token not in ('}', ']')
                        then concat(',', token)
                    else token
                end as piece
            from (
                select
                    {%- if instead %}
                    case
                        when is_personal then concat({{ first_group('token', '^(' ~ string ~ ':)') }}, '{{ instead }}')
                        else token
                    end as token,
                    {%- else %}
                    token,
                    {%- endif %}
                    place,
                    is_personal,
                    max(case when is_personal then coalesce(closed_at, place) end) over (
                        order by place rows between unbounded preceding and 1 preceding
                    ) as personal_until
                from (
                    select
                        *,
                        case when step = 1 then lead(place) over (partition by level order by place) end as closed_at
                    from (
                        select
                            token,
                            place,
                            step,
                            case
                                when case
                                    when {{ name }} <> ''
                                        then {{ is_personal_name('(' ~ json_string(name) ~ ')', table) }}
                                    else false
                                end
                                    then true
                                when {{ content }} <> '' then {{ hides_personal(trimmed(json_string(content)), table) }}
                                else false
                            end as is_personal,
                            case when step <> 0 then sum(step) over (order by place) - least(step, 0) end as level
                        from (
                            select
                                token,
                                place,
                                case
                                    when token in ('}', ']') then -1
                                    when substr(token, -1) in ('{', '[') then 1
                                    else 0
                                end as step
                            from unnest(regexp_extract_all({{ text }}, {{ raw_text(token) }})) as token with offset as place
                        ) as stepped
                    ) as levels
                ) as paired
            ) as told
            where (personal_until is null or place > personal_until){{ ' and not is_personal' if not instead }}
        ) as pieces
    )
{%- endmacro %}

{# Whether a text without blanks around it is a JSON object or list with a personal name in it, or too deep to tell. #}
{% macro hides_personal(text, table) -%}
    {%- set inner = rewritten_json(text) -%}
    case
        when not {{ matches(text, '^[[{]') }} then false
        when {{ nests_too_deeply(text) }} then true
        when {{ is_json(text) }}
            then {{ matches(inner, '(?i)["@]' ~ personal_name_pattern(table) ~ '(?:@[^"]*)?\\\\*"[ \\t\\r\\n]*:') }}
        else false
    end
{%- endmacro %}
