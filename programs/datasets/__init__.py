"""What of programmes is published as data; the columns are listed by hand."""

from . import budgets, network, participants, programmes, roles


def register_all() -> None:
    for module in (programmes, participants, budgets, roles, network):
        module.register_all()
