"""A package index on disk with wheels made by hand, and with packages that only their source would give."""

import io
import tarfile
import zipfile
from pathlib import Path


class Index:
    """A folder laid out as a simple index, which uv reads without any network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    @property
    def uri(self) -> str:
        return self.folder.as_uri()

    def wheel(
        self,
        name: str,
        version: str = "1.0",
        *,
        files: dict[str, str] | None = None,
        needs: tuple[str, ...] = (),
    ) -> None:
        """Add a wheel; `files` are paths inside of it."""
        info = f"{name}-{version}.dist-info"
        needed = "".join(f"Requires-Dist: {need}\n" for need in needs)
        content = {
            f"{name}.py": f"VERSION = {version!r}\n",
            **(files or {}),
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: h\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        content[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*content, f"{info}/RECORD"])
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path, text in content.items():
                archive.writestr(path, text)
        self._add(name, f"{name}-{version}-py3-none-any.whl", packed.getvalue())

    def source(self, name: str, setup: str, version: str = "1.0") -> None:
        """Add a source distribution, whose `setup.py` runs where somebody builds it."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for path, text in {
                "setup.py": setup,
                "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            }.items():
                member = tarfile.TarInfo(f"{name}-{version}/{path}")
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))
        self._add(name, f"{name}-{version}.tar.gz", packed.getvalue())

    def _add(self, name: str, file: str, content: bytes) -> None:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        (folder / file).write_bytes(content)
        names = sorted(path.name for path in folder.iterdir() if path.name != "index.html")
        links = "".join(f'<a href="{each}">{each}</a>\n' for each in names)
        (folder / "index.html").write_text(
            f"<!DOCTYPE html><html><body>{links}</body></html>", encoding="utf-8"
        )
