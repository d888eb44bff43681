"""The wiring that pages and commands share: which store, what comes in, what goes out, is all well. No Streamlit."""

from ektp_analysis.office.answers import export_csv, template
from ektp_analysis.office.doctor import Finding, examine, port_is_free
from ektp_analysis.office.identity import who
from ektp_analysis.office.imports import (
    Imported,
    commit,
    import_file,
    latest_unrecorded,
    names,
    read,
    refused_rows,
    same_content,
    sentence_of_same,
    some_good,
    verify,
)
from ektp_analysis.office.remembered import (
    aliases,
    deck,
    deck_named,
    decks,
    forget_alias,
    forget_deck,
    forget_layout,
    layouts,
    personal,
    said,
    save_deck,
)
from ektp_analysis.office.stores import (
    Office,
    check_store,
    close_all,
    current,
    has_own,
    health,
    own_store,
    sample_path,
    sample_store,
)

__all__ = [
    "Finding", "Imported", "Office", "aliases", "check_store", "close_all", "commit", "current", "deck",
    "deck_named", "decks", "examine", "export_csv", "forget_alias", "forget_deck", "forget_layout", "has_own", "health",
    "import_file", "latest_unrecorded", "layouts", "names", "own_store", "personal", "port_is_free",
    "read", "refused_rows", "said", "same_content", "sample_path", "sample_store", "save_deck", "sentence_of_same",
    "some_good", "template", "verify", "who",
]
