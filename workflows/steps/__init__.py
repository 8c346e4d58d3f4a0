"""What people do in the steps of the flows: one module a step, one domain function each, verb first.

Every function runs in :func:`workflows.act.acting`: one transaction, the case locked, the right asked, the
history written. They raise the named errors of :mod:`cases.errors`.
"""
