{# Survival of groups with competing causes: the estimators of Kaplan and Meier, and of Aalen and Johansen. #}

{# Products of shares are not exact: thresholds are compared with a tolerance. #}
{% macro survival_tolerance() -%}{{ return('1e-9') }}{%- endmacro %}

{#
  A SELECT with a row per group and time at which one of the group or more ended: at_risk (those not ended or
  censored before), ended_by_<cause> of each cause, survival_before and survival (the shares of those that no cause
  has ended before, and by then), and share_of_<cause> (cumulative incidence).

  relation: a row per one who is observed, or per several who are observed alike.
  groups: the columns that name a group, none of them NULL.
  time: the column with the whole hours or days that one was observed for.
  cause: the column with what ended it; NULL: still waiting when the observation ended, and at risk at that time.
  causes: what may end it.
  counted: the column with how many a row stands for; left out, each stands for one.
#}
{% macro survival_table(relation, groups, time, cause, causes, counted='1') -%}
    {%- set by = groups | join(', ') -%}
    {%- set times -%}
        (
            select *
            from (
                select
                    *,
                    sum(observed) over (
                        partition by {{ by }} order by {{ time }} desc
                        rows between unbounded preceding and current row
                    ) as at_risk
                from (
                    select
                        {{ by }},
                        {{ time }},
                        sum({{ counted }}) as observed,
                        sum(case when {{ cause }} is not null then {{ counted }} else 0 end) as ended,
                        {%- for name in causes %}
                        sum(case when {{ cause }} = '{{ name }}' then {{ counted }} else 0 end)
                            as ended_by_{{ name }}{{ ',' if not loop.last }}
                        {%- endfor %}
                    from {{ relation }}
                    group by {{ by }}, {{ time }}
                ) as counted
            ) as observed_from
            where ended > 0
        ) as times
    {%- endset %}
    select
        *,
        {%- for name in causes %}
        sum(survival_before * {{ as_double('ended_by_' ~ name) }} / at_risk) over (
            partition by {{ by }} order by {{ time }} rows between unbounded preceding and current row
        ) as share_of_{{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            *,
            coalesce(lag(survival) over (partition by {{ by }} order by {{ time }}), 1.0) as survival_before
        from (
            {{ survivors(times, groups, time) }}
        ) as survivors
    ) as steps
{%- endmacro %}

{#
  A SELECT of rows with the share that is left of those who waited (survival), by Kaplan and Meier.

  relation: a row per group and time at which someone ended, with at_risk and ended.
#}
{% macro survivors(relation, groups, time) -%}
    select
        *,
        -- All of those at risk end at the last time only, since the others are at risk until then.
        case
            when ended = at_risk then 0.0
            else exp(
                sum(case when ended < at_risk then ln(1 - {{ as_double('ended') }} / at_risk) end) over (
                    partition by {{ groups | join(', ') }} order by {{ time }}
                    rows between unbounded preceding and current row
                )
            )
        end as survival
    from {{ relation }}
{%- endmacro %}

{#
  The median of a group of a survival_table, an aggregate: the smallest time at which at most half are left; NULL where
  more than half still wait when the observation ends.
#}
{% macro median_of_survival(time) -%}
    min(case when survival <= 0.5 + {{ survival_tolerance() }} then {{ time }} end)
{%- endmacro %}
