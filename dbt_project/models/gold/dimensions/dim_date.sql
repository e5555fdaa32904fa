{{ config(**whole_config()) }}

select
    date_day as date,
    {{ iso_year_of('date_day') }} as iso_year,
    {{ iso_week_of('date_day') }} as iso_week,
    {{ first_date_of('week', 'date_day') }} as week_start,
    {{ first_date_of('month', 'date_day') }} as month_start,
    {{ first_date_of('quarter', 'date_day') }} as quarter_start,
    {{ days_of_date('date_day') }} - {{ days_of_date(first_date_of('week', 'date_day')) }} + 1 as weekday
from {{ dates_between(partitions_start(), partitions_end()) }} as every_date
