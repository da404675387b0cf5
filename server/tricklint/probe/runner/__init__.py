"""Lives in the user's interpreter: runs their script with torch watched, and tells the supervisor.

The folder is passed by path.  It needs the standard library and torch, imports nothing else of
tricklint, and runs on every Python from 3.9 on.
"""
