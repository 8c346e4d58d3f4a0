"""The demonstration and the simulation: invented people acting through the very domain functions that pages call.

* :mod:`workflows.demo.course`, :mod:`workflows.demo.load` - the demonstration's cases and what people do with them.
* :mod:`workflows.demo.walk` - random legal people, for ``manage.py simulate`` and for property tests.
* :mod:`workflows.demo.invariants` - what must hold after every act.
"""
