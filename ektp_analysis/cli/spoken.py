"""Results to stdout: JSON a line, or a file that is whole or not there at all."""

from __future__ import annotations

import contextlib
import json
import secrets
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from ektp_analysis.core.area import AreaCode, register
from ektp_analysis.core.errors import EktpError, StoreError, UserError
from ektp_analysis.core.settings import settings
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import LANGUAGES, T, Text, render
from ektp_analysis.ingest.cells.written import parse as parse_day


def emit(value: Any) -> None:
    """One JSON object on one line."""
    click.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def hand_out(data: bytes, place: Path | None) -> None:
    """Bytes to stdout, or into a file under a temporary name that then takes the file's name.

    Raises:
        StoreError: the file cannot be written; what was there before is untouched.
    """
    if place is None:
        click.echo(data, nl=False)
        return
    partial = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
    try:
        partial.write_bytes(data)
        partial.replace(place)
    except OSError as error:
        raise StoreError(
            T("{file} cannot be written: {reason}.", file=str(place), reason=error.strerror or type(error).__name__)
        ) from error
    finally:
        with contextlib.suppress(OSError):  # what kept it from being written keeps it from being removed
            partial.unlink()


def on_terminal() -> bool:
    """Whether somebody watches stderr, so that progress makes sense."""
    return sys.stderr.isatty()


DONE, REFUSED, USAGE, FAILED = 0, 1, 2, 3
_LANG = "ektp_analysis.lang"


def language() -> str:
    """The language of this call: --lang, else the setting; Indonesian where the settings cannot be read."""
    context = click.get_current_context(silent=True)
    if context is not None and _LANG in context.meta:
        return str(context.meta[_LANG])
    try:
        return settings().language
    except UserError:
        return "id"


def say(text: Text | str, *, err: bool = False, capital: bool = True) -> None:
    """A result to stdout, or a message to stderr. ``capital`` is False where a file's name stands first."""
    words = render(text, language())
    click.echo(words[:1].upper() + words[1:] if capital else words, err=err)


class SpokenOption(click.Option):
    """An option whose help is a Text."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Its line in the help."""
        self.help = render(self.text, language())
        return super().get_help_record(ctx)


class SpokenCommand(click.Command):
    """A command whose help is a Text."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - click passes it
        """Its line in the list of commands."""
        return render(self.text, language())

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it does, above its options."""
        self.help = render(self.text, language())
        super().format_help_text(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The --help option, in the reader's language."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = render(T("Show this help and exit."), language())
        return found


class SpokenGroup(SpokenCommand, click.Group):
    """A group of commands; turns what goes wrong on purpose into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except StoreError as error:
            say(error.message, err=True)
            ctx.exit(FAILED)
        except EktpError as error:
            say(error.message, err=True)
            ctx.exit(REFUSED)


def option(*names: str, text: Text, **arguments: Any) -> Callable[[Any], Any]:
    """``click.option`` with a Text as help."""
    return click.option(*names, cls=SpokenOption, text=text, **arguments)


def _set_language(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.meta[_LANG] = value


lang_option = option(
    "--lang",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_set_language,
    text=T("Language of messages; the setting EKTP_LANGUAGE otherwise."),
)
json_option = option("--json", "as_json", is_flag=True, text=T("Print JSON instead of sentences."))


class AreaType(click.ParamType[str]):
    """An area code that the register knows: 75.05 or 7505."""

    name = "code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The dotted code."""
        try:
            code = str(AreaCode.parse(value))
        except UserError as error:
            self.fail(render(error.message, language()), param, ctx)
        if code not in register():
            self.fail(render(T("There is no area {code} in the register.", code=code), language()), param, ctx)
        return code


class DayType(click.ParamType[date]):
    """A day: 2023-06-20, 20/06/2023 or 20 Juni 2023."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        found = parse_day(value)
        if found is None:
            self.fail(render(T("'{text}' is not a day such as 2023-06-20.", text=str(value)[:40]), language()), param, ctx)
        return found


class MomentType(DayType):
    """A day, which means its end, or a moment: 2023-06-20T15:00."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or the moment as datetime."""
        if isinstance(value, str) and "T" in value:
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
        return super().convert(value, param, ctx)


class PairType(click.ParamType[tuple[str, str]]):
    """Two texts with a '=' between them; of several '=' the ``last`` or the first parts them."""

    def __init__(self, name: str, *, last: bool = False) -> None:
        self.name = name
        self.last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Both texts."""
        left, equals, right = str(value).rpartition("=") if self.last else str(value).partition("=")
        if not (left.strip() and equals and right.strip()):
            self.fail(
                render(T("'{text}' is not of the form {form}.", text=str(value)[:40], form=self.name), language()), param, ctx
            )
        return left.strip(), right.strip()


class TargetType(click.ParamType[Target]):
    """zero, or a coverage in per cent."""

    name = "zero|percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Target:
        """The target."""
        if isinstance(value, Target):
            return value
        try:
            return Target.parse(value)
        except UserError as error:
            self.fail(render(error.message, language()), param, ctx)


known_at_option = option("--known-at", type=MomentType(), text=T("As it was known at the end of that day."))
sample_option = option("--sample", is_flag=True, text=T("From the sample of June 2023, not from the office's own figures."))
