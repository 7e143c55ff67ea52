"""What a release is made of: version, changelog, packages, bill of materials, the digest in action.yml.

`python -m tools.release` runs it, with nothing but the standard library.
"""
