"""The files of the demonstration: facts as they were found, and what an office adds to them."""

from __future__ import annotations

from pathlib import Path

from .reading import Record, read, records

FOLDER = Path(__file__).parent
FACTS = (
    *("cities", "countries", "deployments", "forums", "network", "news"),
    *("organisations", "programmes", "sister_villages", "sources"),
)
CONTENT = (
    *("additions", "calls", "faqs", "mapping", "office", "pages", "pictures"),
    *("sample_edition", "services", "themes"),
)


class Files:
    """Every file, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._read = {name: read(folder / "facts" / f"{name}.yaml") for name in FACTS}
        self._read |= {name: read(folder / "content" / f"{name}.yaml") for name in CONTENT}

    def __getitem__(self, name: str) -> Record:
        return self._read[name]

    def records(self, name: str, field: str, key: str = "id") -> list[Record]:
        return list(records(self[name], field, key))

    def added(self, name: str, key: str) -> Record:
        """What additions.yaml has for a record of a file; an empty record where it has nothing."""
        return self._below(self["additions"], name, key)

    def rules(self, name: str, key: str) -> Record:
        """What mapping.yaml says of a record of a file beyond its kind."""
        return self._below(self["mapping"].part("records"), name, key)

    def by_id(self, name: str, field: str, key: str = "id") -> dict[str, Record]:
        return {record.name: record for record in self.records(name, field, key)}

    @staticmethod
    def _below(record: Record, name: str, key: str) -> Record:
        group = record.part(name) if record.has(name) else None
        found = group.values.get(key) if group else None
        if found is not None and not isinstance(found, dict):
            raise record.error(f"{name}.{key}", "should be a record")
        return Record(record.file, key, found or {})
