"""The working-level network: its organisations, their people, the changes they suggest."""
