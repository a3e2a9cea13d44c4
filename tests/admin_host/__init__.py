"""The project as a host that installs Django's admin site; tests/test_admin.py runs it in a process of its own."""
