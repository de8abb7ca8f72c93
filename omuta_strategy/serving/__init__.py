"""What stands between a socket and Django: `manage.py serve`.

Waitress receives and answers, a thread works on what has arrived whole. Added here: how large
a request may be, page by page (`limits`), judged on its header (`request`); how long anybody may
take (`channel`, `server`); one start a port (`listening`), on a database that is fit for it
(`start_checks`); several processes (`workers`); what falls due on a day (`daily`).
"""
