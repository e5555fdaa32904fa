{# Money: what bids add up to. Amounts are decimal, and those of different currencies are never added. #}

{# What a row says in place of a currency where its bids are in several. #}
{% macro mixed_currencies() -%}{{ return('(mixed)') }}{%- endmacro %}

{#
  A bid as a decimal with 6 digits after the point, half away from zero: of the shortest decimal that reads as the
  double, which is what was sent, and rounded at once, since rounding twice may end elsewhere. 10^12 and more is no bid.
#}
{% macro money_of_bid(bid) -%}
    case
        when {{ bid }} < 1000000000000
            then cast(
                round({{ try_cast_to('cast(' ~ bid ~ ' as string)', type_long_decimal()) }}, 6) as {{ type_decimal() }}
            )
    end
{%- endmacro %}

{# 12 digits before the point, and all that a double of a bid has behind it before the sixth can change. #}
{% macro type_long_decimal() -%}
    {{ return('bignumeric' if target.type == 'bigquery' else 'decimal(38, 25)') }}
{%- endmacro %}

{#
  Σ bid of a group's rows, or of those that meet the condition; 0 where none has a bid, NULL where the bids of the
  group are in several currencies.
#}
{% macro spend_of_bids(condition='true') -%}
    case
        when min(currency) <> max(currency) then null
        else cast(
            sum(case when {{ condition }} and bid is not null then bid else 0 end) as {{ type_decimal() }}
        )
    end
{%- endmacro %}

{# The currency of a group's bids; NULL where there is none. #}
{% macro currency_of_bids() -%}
    case when min(currency) <> max(currency) then '{{ mixed_currencies() }}' else min(currency) end
{%- endmacro %}

{#
  The mean of amounts with 6 digits after the point that are not negative, rounded to 2, half away from zero; NULL of
  none. In whole numbers, since a quotient is not exact.
#}
{% macro mean_amount(total, amounts) -%}
    case when {{ amounts }} > 0 then {{ adapter.dispatch('mean_amount')(total, amounts) }} end
{%- endmacro %}

{% macro duckdb__mean_amount(total, amounts) -%}
    cast(
        (cast({{ total }} * 2000000 as hugeint) + {{ amounts }} * 10000) // ({{ amounts }} * 20000) as {{ type_decimal() }}
    ) * 0.01
{%- endmacro %}

{#
  DIV of NUMERIC is exact and whole. Emulators that divide doubles come out beside a large whole number, and are
  rounded to it.
#}
{% macro bigquery__mean_amount(total, amounts) -%}
    round(
        div(({{ total }} * 2000000 + {{ amounts }} * 10000), cast({{ amounts }} * 20000 as numeric))
    ) * numeric '0.01'
{%- endmacro %}
