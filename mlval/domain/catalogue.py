"""Finding checks, rules and metrics: one folder a kind, one file each, named after what it holds."""

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

B = TypeVar("B")


def names(package: ModuleType) -> tuple[str, ...]:
    """Return the names in a folder, sorted, without importing any of its files.

    A file whose name would be a word of Python ends in an underscore; its name does not. Files that
    begin with one hold what several others share.
    """
    files = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name.rstrip("_") for name in files if not name.startswith("_")))


def classes(package: ModuleType, name: str, base: type[B]) -> tuple[type[B], ...]:
    """Import one file of a folder and return the classes of a kind that it defines and names, in order."""
    files = {module.name.rstrip("_"): module.name for module in pkgutil.iter_modules(package.__path__)}
    module = importlib.import_module(f"{package.__name__}.{files[name]}")
    found = (value for value in vars(module).values() if isinstance(value, type) and issubclass(value, base))
    return tuple(value for value in found if value.__module__ == module.__name__ and "name" in vars(value))


def only(package: ModuleType, name: str, base: type[B]) -> type[B]:
    """Import one file of a folder and return its single class, whose name is the file's.

    Raises
    ------
    TypeError
        If the file holds none, several, or one of another name: a mistake of ours.
    """
    found = classes(package, name, base)
    if len(found) != 1 or vars(found[0])["name"] != name:
        message = f"{package.__name__}.{name} must define exactly one {base.__name__} named {name!r}"
        raise TypeError(message)
    return found[0]
