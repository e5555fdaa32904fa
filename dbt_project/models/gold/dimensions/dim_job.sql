{{ config(**replace_entities_config(
    'job', key='job_id', cluster_by=['job_id'], member_key='job_key'
)) }}

{{ dimension(
    'job',
    [
        'company_id', 'title', 'requisition_id', 'reposted_from', 'category', 'department',
        'seniority', 'employment_types', 'work_arrangement', 'locations', 'remote_countries',
        'openings', 'salary_min', 'salary_max', 'salary_currency', 'salary_period',
        'salary_is_estimated', 'skills', 'status', 'is_evergreen', 'campaign_id', 'group_id',
        'posted_at', 'expires_at', 'closed_at', 'close_reason',
    ],
) }}
