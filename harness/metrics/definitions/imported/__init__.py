"""Quantities as other tools define them, one module a tool; never compared with ours.

What a tool printed of a whole benchmark is a metric of runs, one for each statistic. What it says of each request is a
metric of requests. Where its definition is ours, the imported requests have our metric and there is none here.
"""
