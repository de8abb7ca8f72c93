"""次の計画を始める: the plan that follows one, made of what is taken over from it.

`offer` is what the old plan has to give, `form` what a planner types, `contents` what the
next plan then consists of (pure), `beginning` writes it.
"""
