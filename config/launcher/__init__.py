"""What `manage.py up` is made of: the processes, the private broker and their keeper.

Nothing here reads the settings, so that the tests' services can use it before Django starts.
"""
