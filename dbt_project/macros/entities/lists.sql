{#
  Lists of values. Elements are trimmed, empty ones left out; an invalid one makes the list invalid. An element that has
  been read is a struct of value, is_invalid, is_other.
#}

{#
  The JSON array that a member stands for: itself, an object alone, a text that holds one of them, or the parts of any
  other text; NULL for what is no list. `text` is the member's trimmed text. The parser takes a comma before a line end for none.
#}
{% macro list_array(member, text) -%}
    {%- set on_one_line = 'replace(' ~ text ~ ', chr(10), \' \')' -%}
    case
        when starts_with({{ member }}, '[') then {{ member }}
        when starts_with({{ member }}, '{') then concat('[', {{ member }}, ']')
        when not {{ matches(text, '^[[{]') }} then {{ json_of_parts(text, '|') }}
        when {{ is_json(text) }} and {{ is_json(on_one_line) }}
            then case
                when {{ holds_constant(text) }} then null
                when starts_with({{ text }}, '[') then {{ with_marked_numbers(text) }}
                else concat('[', {{ with_marked_numbers(text) }}, ']')
            end
    end
{%- endmacro %}

{#
  A JSON array's elements, read. What one step makes is a field for the next, since what is written twice is computed twice;
  and the smaller an expression, the less memory is set up for each array.
#}
{% macro read_elements(array, column) -%}
    {%- if column.kind == 'location' -%}
        case
            when {{ matches(array, '\\\\u0002[^"]*[eE]') }} then {{ read_locations(array, without_exponent('sent.digits')) }}
            else {{ read_locations(array, 'sent.digits') }}
        end
    {%- else -%}
        {%- set strings = each_struct(json_elements(array), 'member', {
            'is_null': 'member is null', 'string': member_string('member'),
        }) -%}
        {%- set texts = each_struct(strings, 'sent', {
            'is_no_text': 'not sent.is_null and sent.string is null', 'text': "nullif(" ~ trimmed('sent.string') ~ ", '')",
        }) -%}
        {%- set values = each_struct(texts, 'read_text', {
            'is_no_text': 'read_text.is_no_text', 'has_text': 'read_text.text is not null',
            'value': word_value('read_text.text', column), 'is_other': became_other('read_text.text', column),
        }) -%}
        {{ each_struct(values, 'element', {
            'value': 'element.value', 'is_invalid': 'element.is_no_text or (element.has_text and element.value is null)',
            'is_other': 'element.is_other',
        }) }}
    {%- endif -%}
{%- endmacro %}

{#
  Places: a text in each of their members is trimmed; one without any of them is left out. `digits` are those of a postal
  code that is a number, without an exponent.
#}
{% macro read_locations(array, digits) -%}
    {%- set names = ['country', 'region', 'city', 'postal_code'] -%}
    {%- set told = each_struct(json_elements(array), 'member', {
        'is_no_place': "not starts_with(member, '{')", 'string': member_string('member'),
        'document': json_document("case when starts_with(member, '{') then member end", names),
    }) -%}
    {%- set members, strings, texts, no_texts = {}, {}, {}, [] -%}
    {%- for name in names -%}
        {%- set member = 'told.' ~ name -%}
        {%- do members.update({name: json_member('told.document', name)}) -%}
        {%- do strings.update({name: member_string(member), name ~ '_is_sent': member ~ ' is not null'}) -%}
        {%- do texts.update({name: "nullif(" ~ trimmed('sent.' ~ name) ~ ", '')"}) -%}
        {%- do no_texts.append('(sent.' ~ name ~ '_is_sent and sent.' ~ name ~ ' is null'
            ~ (' and sent.digits is null)' if name == 'postal_code' else ')')) -%}
    {%- endfor -%}
    {%- set text_told = "told.string is null or " ~ trimmed('told.string') ~ " <> ''" -%}
    {%- do members.update({'is_wrong': 'coalesce(told.is_no_place and (' ~ text_told ~ '), false)'}) -%}
    {%- do strings.update({'is_wrong': 'told.is_wrong', 'digits': member_digits('told.postal_code')}) -%}
    {%- do texts.update({'is_wrong': 'sent.is_wrong or ' ~ no_texts | join(' or '), 'digits': digits}) -%}
    {%- set sent = each_struct(each_struct(told, 'told', members), 'told', strings) -%}
    {%- set places = each_struct(each_struct(sent, 'sent', texts), 'read_text', {
        'is_wrong': 'read_text.is_wrong',
        'has_country': 'read_text.country is not null',
        'has_number': 'read_text.digits is not null',
        'place': struct_of({
            'country': word_value('read_text.country', {'kind': 'country'}), 'region': 'read_text.region',
            'city': 'read_text.city', 'postal_code': 'coalesce(read_text.postal_code, cast('
                ~ whole_number('read_text.digits') ~ ' as ' ~ type_string() ~ '))',
        }),
    }) -%}
    {{ each_struct(places, 'made', {
        'value': 'case when coalesce(made.place.country, made.place.region, made.place.city, made.place.postal_code)'
            ~ ' is not null then made.place end',
        'is_invalid': 'made.is_wrong or (made.has_country and made.place.country is null)'
            ~ ' or (made.has_number and made.place.postal_code is null)',
        'is_other': 'false',
    }) }}
{%- endmacro %}

{# Whether one of the elements that have been read is invalid, or became `other`. #}
{% macro some_element(elements, flag) -%}
    coalesce({{ element_count(elements_where(elements, 'element', 'element.' ~ flag)) }} > 0, false)
{%- endmacro %}

{# The list of their values; NULL where there are none, or one is invalid. #}
{% macro list_value(elements, has_invalid) -%}
    {%- set told = elements_where(elements, 'element', 'element.value is not null') -%}
    case
        when not {{ has_invalid }} and {{ element_count(told) }} > 0
            then {{ each(told, 'element', 'element.value') }}
    end
{%- endmacro %}
