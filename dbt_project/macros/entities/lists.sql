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

{# A JSON array's elements, read. #}
{% macro read_elements(array, column) -%}
    {%- if column.kind == 'location' -%}
        {{ read_locations(array) }}
    {%- else -%}
        {%- set texts = each_struct(json_elements(array), 'member', {
            'is_sent': 'member is not null and member <> \'""\'', 'is_text': member_is_text('member'),
            'text': member_trimmed_text('member'),
        }) -%}
        {%- set value = word_value('element.text', column) -%}
        {{ each_struct(texts, 'element', {
            'value': value,
            'is_invalid': 'element.is_sent and (not element.is_text or (element.text is not null and (' ~ value ~ ') is null))',
            'is_other': became_other('element.text', column),
        }) }}
    {%- endif -%}
{%- endmacro %}

{# Places: a text in each of their members is trimmed; one without any of them is left out. #}
{% macro read_locations(array) -%}
    {%- set names = ['country', 'region', 'city', 'postal_code'] -%}
    {%- set documents = each_struct(json_elements(array), 'member', {
        'is_sent': 'member is not null and not coalesce(' ~ member_is_text('member') ~ ' and '
            ~ member_trimmed_text('member') ~ ' is null, false)',
        'is_object': "coalesce(starts_with(member, '{'), false)",
        'document': json_document("case when starts_with(member, '{') then member end", names),
    }) -%}
    {%- set texts, is_wrong = {'is_invalid': 'place.is_sent and not place.is_object'}, [] -%}
    {%- for name in names -%}
        {%- set member = json_member('place.document', name) -%}
        {%- do texts.update({name ~ '_text': member_trimmed_text(member), name ~ '_is_sent': sent_text(member)}) -%}
    {%- endfor -%}
    {%- do texts.update({'digits': member_digits(json_member('place.document', 'postal_code'))}) -%}
    {%- set read = each_struct(documents, 'place', texts) -%}
    {%- set plain = {
        'country': word_value('read_text.country_text', {'kind': 'country'}),
        'region': 'read_text.region_text', 'city': 'read_text.city_text',
        'postal_code': 'coalesce(read_text.postal_code_text, cast(' ~ whole_number(without_exponent('read_text.digits'))
            ~ ' as ' ~ type_string() ~ '))',
    } -%}
    {%- for name in names -%}
        {%- do is_wrong.append('(read_text.' ~ name ~ '_is_sent and (' ~ plain[name] ~ ') is null)') -%}
    {%- endfor -%}
    {%- set places = each_struct(read, 'read_text', {
        'place': struct_of(plain), 'is_invalid': 'read_text.is_invalid or ' ~ is_wrong | join(' or '),
    }) -%}
    {{ each_struct(places, 'told', {
        'value': 'case when coalesce(told.place.country, told.place.region, told.place.city, told.place.postal_code)'
            ~ ' is not null then told.place end',
        'is_invalid': 'told.is_invalid', 'is_other': 'false',
    }) }}
{%- endmacro %}

{# Whether a member is more than an empty text. #}
{% macro sent_text(member) -%}
    ({{ member }} is not null and not coalesce(
        {{ member_is_text(member) }} and {{ trimmed(json_string(member)) }} = '', false
    ))
{%- endmacro %}

{# Whether one of the elements that have been read is invalid, or became `other`. #}
{% macro some_element(elements, flag) -%}
    coalesce({{ element_count(elements_where(elements, 'element', 'element.' ~ flag)) }} > 0, false)
{%- endmacro %}

{# The list of their values; NULL where there are none. #}
{% macro list_value(elements) -%}
    {%- set told = elements_where(elements, 'element', 'element.value is not null') -%}
    case
        when not {{ some_element(elements, 'is_invalid') }} and {{ element_count(told) }} > 0
            then {{ each(told, 'element', 'element.value') }}
    end
{%- endmacro %}
