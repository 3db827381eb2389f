"""What people wrote, understood among our teams, kinds and colleagues, before anything is saved.

`reading` says what words mean; here it is said what they come to for one of our teams, and what
would follow. Pages and programs show the same reading, because there is only this one.
"""
