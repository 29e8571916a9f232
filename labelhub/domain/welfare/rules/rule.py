"""The shape that all rules share."""

from collections.abc import Callable
from datetime import datetime

from labelhub.domain.welfare.facts import Candidate, LabelerState
from labelhub.domain.welfare.verdicts import Allowance, Hold

Verdict = Hold | Allowance | None
"""Against it; for so long at most; or nothing to say."""

Rule = Callable[[LabelerState, Candidate, datetime], Verdict]
