"""What SQL cannot do well: the statistics of A/B results, on sums that the warehouse computes.

The modules here are pure: numbers and files in, tables out; no database, no orchestration.
`experiment_registry` reads which experiments there are, `ab_results` turns sums into results.
"""
