"""How messages get to their receivers: the queue, the worker, one attempt, its address, its signature, the next one."""
