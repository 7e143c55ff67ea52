"""What runs inside the cage, beside the model: started by path, in the model's own environment.

Imports the standard library and numpy; the model's libraries inside functions. Nothing here is trusted:
the parent believes no answer of it (`mlval.scoring.protocol`).
"""
