"""The command line: ``python -m ektp_analysis``, or ``ektp`` where it was installed from a wheel.

Results go to stdout, messages to stderr. Exit codes: 0 done, 1 the input was refused, 2 wrong usage, 3 the store or the
machine failed, 4 (``alerts``) something new was told; 130 and 141 as usual when the reader interrupts or goes away.
"""

from __future__ import annotations

import contextlib
import gc
import io
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from ektp_analysis import __version__
from ektp_analysis.core import aside, contract

if __name__ == "__main__":
    gc.disable()  # what is imported stays: to look meanwhile for what can go takes a fifth of the start
if __name__ == "__main__" and sys.argv[1:2] == ["import"]:
    with contextlib.suppress(aside.Broken):  # who reads will say so
        aside.of("ektp_analysis.ingest.worker").start()  # it loads while the rest does

from ektp_analysis.access import gate
from ektp_analysis.access import tokens as tokens_of
from ektp_analysis.cli.alert_commands import alerts
from ektp_analysis.cli.backup_commands import backup, copy
from ektp_analysis.cli.boundary_commands import boundaries
from ektp_analysis.cli.export_commands import commands as export_commands
from ektp_analysis.cli.import_commands import import_
from ektp_analysis.cli.keep_commands import (
    aliases,
    batches,
    decks,
    export,
    layouts,
    restore,
    retract,
    template,
)
from ektp_analysis.cli.outsider_commands import exchange, tokens
from ektp_analysis.cli.paper_commands import export_papers, letters
from ektp_analysis.cli.people_commands import people
from ektp_analysis.cli.plan_commands import aim, event
from ektp_analysis.cli.query_commands import project, status
from ektp_analysis.cli.review_commands import missing, review
from ektp_analysis.cli.spoken import FAILED, REFUSED, USAGE, SpokenGroup, lang_option, say
from ektp_analysis.cli.store_commands import doctor, run, store, verify
from ektp_analysis.cli.team_commands import plan
from ektp_analysis.cli.visit_commands import export_visits, visits
from ektp_analysis.core.errors import EktpError, StoreError, UserError
from ektp_analysis.core.settings import PROGRAM, settings
from ektp_analysis.core.text import T
from ektp_analysis.office import scheduled
from ektp_analysis.report import formats

INTERRUPTED, READER_GONE = 130, 141


@click.group(
    "ektp_analysis",
    cls=SpokenGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    text=T("Recording of e-KTP: import snapshots, say where an area stands, and when a target will be reached."),
)
@lang_option
@click.version_option(__version__, message="%(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """All commands; a setting that cannot be used, or an export that is not whole, ends each of them."""
    formats.check(formats.FORMATS)
    try:
        settings()
        acting = tokens_of.of_command() if settings().token else gate.OPERATOR
    except UserError as error:
        say(error.message, err=True)
        ctx.exit(USAGE)
    ctx.with_resource(gate.acting_as(acting))  # who can run a command here can read the store's file as well


for _command in (
    import_,
    status,
    project,
    aim,
    event,
    alerts,
    plan,
    visits,
    batches,
    retract,
    restore,
    review,
    missing,
    verify,
    store,
    backup,
    template,
    doctor,
    run,
    export,
    layouts,
    aliases,
    decks,
    boundaries,
    letters,
    people,
    tokens,
    exchange,
):
    cli.add_command(_command)
store.add_command(copy)
export.add_command(export_visits)
export.add_command(export_papers)
for _made in export_commands(formats.FORMATS):
    export.add_command(_made)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code. Whatever happens, one sentence and no traceback."""
    contract.quick_texts()
    code = _ended(arguments)
    scheduled.tell(sys.argv[1:] if arguments is None else arguments, code, datetime.now(UTC))
    return code


def _ended(arguments: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        code = cli.main(arguments, prog_name=PROGRAM, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else PROGRAM
        say(T("Wrong usage: {reason} ({command} --help says more.)", reason=error.format_message(), command=where), err=True)
        return USAGE
    except click.ClickException as error:
        say(error.format_message(), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):  # also one that comes while click is not looking
        return INTERRUPTED
    except EktpError as error:
        say(error.message, err=True)
        return FAILED if isinstance(error, StoreError) else REFUSED
    except SystemExit:  # so click ends a call whose reader has gone away
        return READER_GONE
    except Exception as error:  # noqa: BLE001 - the last resort: no planner is shown a traceback
        say(
            T(
                "The program failed unexpectedly ({kind}); what was stored before is intact. Run doctor.",
                kind=type(error).__name__,
            ),
            err=True,
        )
        return FAILED
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    gc.freeze()
    gc.enable()
    sys.exit(main())
