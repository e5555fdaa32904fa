{{ config(**whole_config(cluster_by=['candidate_id'])) }}

{{ dimension(
    'candidate',
    [
        'user_id', 'country', 'region', 'city', 'willing_to_relocate', 'years_experience',
        'seniority', 'education_level', 'languages', 'skills', 'availability', 'available_from',
        'desired_employment_types', 'desired_work_arrangements', 'desired_salary_min',
        'desired_salary_max', 'desired_salary_currency', 'desired_salary_period', 'status',
    ],
) }}
