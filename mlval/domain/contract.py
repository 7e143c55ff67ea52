"""The contract as a frozen value: inputs, the validations asked of them, and where each part stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlval.domain.check import Check
from mlval.domain.errors import Place
from mlval.domain.inputs import Inputs
from mlval.domain.measurement import Path
from mlval.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Contract:
    """A whole contract. `places` knows where each path of it stands in the file."""

    name: str
    path: str
    sha256: str
    inputs: Inputs
    validations: tuple[Check, ...]
    places: Mapping[Path, Place] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)

    def place(self, path: Path) -> Place | None:
        """Return the place of a path, or of its nearest part that stands in the file."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return None
