"""Analytics for job-matching products: NDJSON events in, funnels, ranking quality and A/B results out."""
