{{ config(**replace_window_config('event_date', cluster_by=['surface', 'experiment_id', 'variant', 'k'])) }}
{%- set cutoffs = rank_cutoffs() %}

-- Ranks beyond the last cutoff are alike.
with ranked_items as (

    select
        event_date,
        search_id,
        job_id,
        surface,
        unit_id,
        experiments,
        least(rank_position, {{ cutoffs | last + 1 }}) as rank_position,
        clicked,
        applied,
        gain
    from {{ ref('result_list_items') }}
    where {{ in_window('event_date') }}

),

-- A list without them has no gain, and no ideal order: only these are sorted.
interacted_lists as (

    select
        event_date,
        search_id,
        sum(case when gain = 2 then 1 else 0 end) as items_at_2,
        sum(case when gain = 1 then 1 else 0 end) as items_at_1
    from ranked_items
    where gain > 0
    group by event_date, search_id

),

items as (

    select
        ranked_items.event_date,
        ranked_items.search_id,
        ranked_items.rank_position,
        ranked_items.gain,
        interacted_lists.items_at_2,
        interacted_lists.items_at_1,
        row_number() over (
            partition by ranked_items.event_date, ranked_items.search_id
            order by ranked_items.rank_position, ranked_items.job_id
        ) as place
    from ranked_items
    inner join interacted_lists
        on
            ranked_items.event_date = interacted_lists.event_date
            and ranked_items.search_id = interacted_lists.search_id

),

-- The ideal order gives the best of the shown ranks to the items with gain 2, the next to those with 1.
ideal as (

    select
        *,
        case
            when place <= items_at_2 then 2
            when place <= items_at_2 + items_at_1 then 1
            else 0
        end as ideal_gain
    from items

),

-- The discount is 1 / log2(rank + 1); in DCG / IDCG the base of the logarithm cancels out.
discounted as (

    select
        *,
        {{ as_summand('case when gain > 0 then gain / ln(rank_position + 1) end') }} as discounted_gain,
        {{ as_summand('case when ideal_gain > 0 then ideal_gain / ln(rank_position + 1) end') }}
            as discounted_ideal_gain
    from ideal
    where gain > 0 or ideal_gain > 0

),

gains as (

    select
        event_date,
        search_id,
        {%- for k in cutoffs %}
        sum(case when rank_position <= {{ k }} then discounted_gain end) as dcg_at_{{ k }},
        sum(case when rank_position <= {{ k }} then discounted_ideal_gain end) as idcg_at_{{ k }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from discounted
    group by event_date, search_id

),

lists as (

    select
        event_date,
        search_id,
        surface,
        unit_id,
        {{ experiments_or_none('any_value(experiments)') }} as experiments,
        min(case when clicked then rank_position end) as first_clicked_rank,
        min(case when gain > 0 then rank_position end) as first_interacted_rank,
        {%- for k in cutoffs %}
        sum(case when rank_position <= {{ k }} then 1 else 0 end) as shown_at_{{ k }},
        sum(case when rank_position <= {{ k }} and clicked then 1 else 0 end) as clicked_at_{{ k }},
        sum(case when rank_position <= {{ k }} and applied then 1 else 0 end) as applied_at_{{ k }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from ranked_items
    group by event_date, search_id, surface, unit_id

),

scored_lists as (

    select
        lists.event_date,
        lists.surface,
        lists.unit_id,
        lists.experiments,
        lists.first_clicked_rank,
        lists.first_interacted_rank,
        {{ as_summand(as_double(1) ~ ' / lists.first_interacted_rank') }} as reciprocal_rank,
        {%- for k in cutoffs %}
        lists.shown_at_{{ k }},
        lists.clicked_at_{{ k }},
        lists.applied_at_{{ k }},
        {{ as_summand(
            'coalesce(' ~ rate('gains.dcg_at_' ~ k, as_double('gains.idcg_at_' ~ k)) ~ ', 0)'
        ) }} as ndcg_at_{{ k }}{{ ',' if not loop.last }}
        {%- endfor %}
    from lists
    left join gains
        on
            lists.event_date = gains.event_date
            and lists.search_id = gains.search_id

),

-- A list stands in the row of all, in that of its surface and in one for each of its experiments. An
-- experiment that calls itself __all__ has no row here: it would be taken for all lists.
memberships as (

    select
        scored_lists.*,
        '__all__' as surface_group,
        '__all__' as experiment_id,
        '__all__' as variant
    from scored_lists
    union all
    select
        scored_lists.*,
        scored_lists.surface as surface_group,
        '__all__' as experiment_id,
        '__all__' as variant
    from scored_lists
    union all
    select
        scored_lists.*,
        '__all__' as surface_group,
        stamp.experiment_id,
        stamp.variant
    from scored_lists
    cross join {{ unnested('scored_lists.experiments', 'stamp') }}
    where stamp.experiment_id <> '__all__'

),

units as (

    select
        event_date,
        surface_group,
        experiment_id,
        variant,
        unit_id,
        count(*) as lists,
        count(first_interacted_rank) as interacted_lists,
        {%- for k in cutoffs %}
        sum(shown_at_{{ k }}) as shown_at_{{ k }},
        sum(clicked_at_{{ k }}) as clicked_at_{{ k }},
        sum(applied_at_{{ k }}) as applied_at_{{ k }},
        sum(case when first_clicked_rank <= {{ k }} then 1 else 0 end) as successes_at_{{ k }},
        sum(case when first_interacted_rank <= {{ k }} then reciprocal_rank else 0 end)
            as reciprocal_ranks_at_{{ k }},
        sum(ndcg_at_{{ k }}) as ndcgs_at_{{ k }}{{ ',' if not loop.last }}
        {%- endfor %}
    from memberships
    group by event_date, surface_group, experiment_id, variant, unit_id

),

totals as (

    select
        event_date,
        surface_group as surface,
        experiment_id,
        variant,
        sum(lists) as lists,
        sum(interacted_lists) as interacted_lists,
        count(*) as units,
        sum(lists * lists) as lists_nn,
        sum(case when interacted_lists > 0 then 1 else 0 end) as interacted_units,
        sum(interacted_lists * interacted_lists) as interacted_nn,
        {%- for k in cutoffs %}
        sum(shown_at_{{ k }}) as shown_at_{{ k }},
        sum(clicked_at_{{ k }}) as clicked_at_{{ k }},
        sum(applied_at_{{ k }}) as applied_at_{{ k }},
        sum(successes_at_{{ k }}) as successes_at_{{ k }},
        sum(successes_at_{{ k }} * successes_at_{{ k }}) as successes_ss_at_{{ k }},
        sum(successes_at_{{ k }} * lists) as successes_sn_at_{{ k }},
        {%- for column, weight in {'reciprocal_ranks': 'lists', 'ndcgs': 'interacted_lists'}.items() %}
        {%- set of_unit = as_double(column ~ '_at_' ~ k) %}
        sum({{ column }}_at_{{ k }}) as {{ column }}_at_{{ k }},
        sum({{ as_summand(of_unit ~ ' * ' ~ of_unit) }}) as {{ column }}_ss_at_{{ k }},
        sum({{ as_summand(of_unit ~ ' * ' ~ weight) }})
            as {{ column }}_sn_at_{{ k }}{{ ',' if not loop.last }}
        {%- endfor %}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from units
    group by event_date, surface_group, experiment_id, variant

)

{%- for k in cutoffs %}
select
    event_date,
    surface,
    experiment_id,
    variant,
    cast({{ k }} as bigint) as k,
    cast(lists as bigint) as lists,
    cast(interacted_lists as bigint) as interacted_lists,
    cast(shown_at_{{ k }} as bigint) as shown_at_k,
    cast(clicked_at_{{ k }} as bigint) as clicked_at_k,
    cast(applied_at_{{ k }} as bigint) as applied_at_k,
    {{ rate('clicked_at_' ~ k, 'shown_at_' ~ k) }} as ctr_at_k,
    {{ rate('applied_at_' ~ k, 'shown_at_' ~ k) }} as apply_rate_at_k,
    {{ rate('successes_at_' ~ k, 'lists') }} as success_at_k,
    {{ rate('reciprocal_ranks_at_' ~ k, 'lists') }} as mrr_at_k,
    {{ rate('ndcgs_at_' ~ k, 'interacted_lists') }} as ndcg_at_k,
    {{ rate('ndcgs_at_' ~ k, 'lists') }} as ndcg_at_k_all,
    cast(units as bigint) as units,
    cast(lists_nn as bigint) as lists_nn,
    {{ as_double('reciprocal_ranks_at_' ~ k) }} as rr_sum,
    {{ as_double('reciprocal_ranks_ss_at_' ~ k) }} as rr_ss,
    {{ as_double('reciprocal_ranks_sn_at_' ~ k) }} as rr_sn,
    cast(successes_at_{{ k }} as bigint) as success_lists,
    cast(successes_ss_at_{{ k }} as bigint) as success_ss,
    cast(successes_sn_at_{{ k }} as bigint) as success_sn,
    cast(interacted_units as bigint) as interacted_units,
    cast(interacted_nn as bigint) as interacted_nn,
    {{ as_double('ndcgs_at_' ~ k) }} as ndcg_sum,
    {{ as_double('ndcgs_ss_at_' ~ k) }} as ndcg_ss,
    {{ as_double('ndcgs_sn_at_' ~ k) }} as ndcg_sn
from totals
{{- '\nunion all' if not loop.last }}
{%- endfor %}
