"""Workshops on screen: joining and ranking on a phone, leading a table, the wall of the room, and what came out.

Pages of a session that is going on are the same for everybody in it: finished HTML, kept in memory, and a script that
asks the API as any other program would. Pages of results are made here and work without a script.
"""
