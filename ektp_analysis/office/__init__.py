"""The wiring that pages and commands share: which store, what comes in, what goes out, is all well. No Streamlit."""

from ektp_analysis.office.answers import export_csv, template
from ektp_analysis.office.doctor import Finding, examine, port_is_free
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
    who,
)
from ektp_analysis.office.remembered import aliases, forget_alias, forget_layout, layouts, said
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
    "Finding", "Imported", "Office", "aliases", "check_store", "close_all", "commit", "current", "examine",
    "export_csv", "forget_alias", "forget_layout", "has_own", "health", "import_file", "latest_unrecorded", "layouts",
    "names", "own_store", "port_is_free", "read", "refused_rows", "said", "same_content", "sample_path",
    "sample_store", "sentence_of_same", "some_good", "template", "verify", "who",
]
