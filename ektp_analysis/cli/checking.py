"""``doctor``: is this installation well, and what is to be mended."""

from __future__ import annotations

import click

from ektp_analysis import office
from ektp_analysis.cli.output import emit
from ektp_analysis.cli.spoken import DONE, FAILED, SpokenCommand, json_option, lang_option, language, option, say
from ektp_analysis.errors import StoreError
from ektp_analysis.i18n import render
from ektp_analysis.text import T


@click.command("doctor", cls=SpokenCommand, text=T("Check versions, store, fonts and boundaries, and say what to mend."))
@option("--start", is_flag=True, text=T("Only what a start needs: a store that serves and a free port."))
@option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True, text=T("The port that must be free."))
@json_option
@lang_option
@click.pass_context
def doctor(ctx: click.Context, start: bool, port: int, as_json: bool) -> None:
    """Exit 3 if anything has to be mended."""
    if start:
        office.check_store()
        if not office.port_is_free(port):
            raise StoreError(T("Port {port} is taken by another program; stop it, or start with another port: "
                               "make run PORT={other}.", port=str(port), other=str(port + 1)))
        return
    findings = list(office.examine())
    if as_json:
        emit([{"name": one.name, "well": one.well, "text": render(one.text, language()),
               "mend": None if one.well or one.mend is None else render(one.mend, language())} for one in findings])
    else:
        for one in findings:
            say(T("ok    {text}", text=one.text) if one.well or one.mend is None else
                T("MEND  {text} {mend}", text=one.text, mend=one.mend))
    ctx.exit(DONE if all(one.well for one in findings) else FAILED)
