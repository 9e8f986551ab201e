"""The planted stories, as data: what a pupil's marks are, and what Firstbell should make of them.

Sessions closed since 4 September: 82 by Friday 7 November, 83 on Monday at 09:20, 84 at 13:20, and on to 92.
The ten school weeks that end with the lived one begin on 4 September.
"""

from adapters.demo.plots.care import CARE
from adapters.demo.plots.days import FIRST_DAYS, STALE_REASONS
from adapters.demo.plots.thresholds import NOTICES, RATES

PLOTS = FIRST_DAYS + STALE_REASONS + RATES + NOTICES + CARE

__all__ = ["PLOTS"]
