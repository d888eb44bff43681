"""Where the teams go next: a plan of visits from figures, visits and a request, and what it is worth beside simple rules.

``making.plan`` is the one way in: figures and visits in, a :class:`~ektp_analysis.planning.proposal.Plan` out, or the reason why
there is none. Every plan is judged by the draws of the projection.
"""
