{#
  MetricFlow demands a model with every date, and asks it for nothing: no metric of ours looks back or fills gaps.
  The platform does not build it.
#}
{{ config(materialized='view') }}

select date_day
from {{ dates_between(partitions_start(), partitions_end()) }} as every_date
