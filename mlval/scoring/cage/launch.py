"""Started by path in an interpreter of its own: finds its package, and becomes the keeper of a cage.

The interpreter is isolated (`-I -S`): it has neither variables nor folders of anybody else, and loads little.
"""

import sys

if __name__ == "__main__":
    # The package is looked for last, so that nothing beside it can stand in for a standard module.
    sys.path.append(sys.argv[2])
    from mlval.scoring.cage.keeper import keep

    keep(int(sys.argv[1]))
