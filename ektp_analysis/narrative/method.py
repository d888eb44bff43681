"""How the projection works, in a page for people who use it."""

from __future__ import annotations

from dataclasses import dataclass

from ektp_analysis.text import T, Text


@dataclass(frozen=True)
class Section:
    """A heading and its short paragraphs."""

    title: Text
    paragraphs: tuple[Text, ...]


SECTIONS: tuple[Section, ...] = (
    Section(T("What it looks at"), (
        T("The snapshots of the area: on which day how many were unrecorded, and out of how many eligible. From them "
          "it sees how fast the number has fallen, whether that is slowing down or speeding up, how even the steps are, "
          "and how much is left."),
        T("Where only a percentage is known, the count is an interval, and is used as such: nothing is made up between "
          "its ends."))),
    Section(T("What it draws"), (
        T("The app has practised on very many campaigns made up by a computer: steady ones, ones that spurt, stall and "
          "resume, ones with a sudden last sweep, and ones in which some people never come. From them it knows how such "
          "campaigns went on after a beginning like yours."),
        T("It then draws a thousand possible continuations. Each one is a path of the unrecorded, and each path "
          "gives one day on which the target is first reached. The dots are twenty of these days, equally likely; the fan "
          "shows the paths; every date and every chance is counted from the same draws."))),
    Section(T("Why the range is wide"), (
        T("In about three cases of four it takes longer than a straight line through the last weeks says: the last ones "
          "are the hardest to reach, teams move on, holidays come. A narrow range would be a promise that nobody can keep."),
        T("Few snapshots give a wide range, and that is right. With every further snapshot it narrows, if the campaign "
          "runs evenly."))),
    Section(T("What 'not within 2 years' means"), (
        T("In some draws the target is not reached within the horizon, because the campaign stalls or because a rest "
          "never comes: deaths that were not reported, people who moved away, records held twice. Such draws are counted "
          "and shown as crosses; they never get an invented date."),)),
    Section(T("Two meanings of zero"), (
        T("Every day residents turn 17 and join the eligible. 'All eligible' is a race with them: when the pace is lower "
          "than their number, zero is never reached. 'The list of a day' counts only those who were on it then, and is "
          "reached earlier."),
        T("A coverage target moves too: more eligible allow a few more unrecorded. Unless a file says otherwise, about "
          "1.46% of the population are taken to turn 17 in a year."))),
    Section(T("Breaks"), (
        T("A new basis, a cleansing of the register or a correction upwards changes the count although nobody was "
          "recorded. Such a step is found, named on the page, and not learnt from; the pace before and after it is kept."),)),
    Section(T("Learning from neighbours"), (
        T("An area with few snapshots of its own is pooled with its sister areas in the same kabupaten, those that have "
          "arrived included, and the page says so. A good or a bad month is shared among them, so that the day by which "
          "all have arrived comes out neither too early nor too sure. Where every kecamatan can be projected, the "
          "kabupaten is the sum of their draws."),)),
    Section(T("Limits"), (
        T("It does not know your plans. A mobile team next week, a holiday, a budget that ends: nothing of this is in the "
          "figures. Use the assumption on the page Projection for a plan, and keep it apart from the projection."),
        T("It believes the figures. A count that is wrong, late or on another basis without saying so gives a wrong date."),
        T("It has not seen every kind of campaign. Below stands how often it was right: on your own history, and on "
          "public ones."))),
)

KINDS = {"countdown": T("counts down to zero"), "plateau": T("stalls far from zero")}
BENCHMARK = T("Real countdowns from elsewhere, none of which the method has seen. An error of 50 is half of the error of a "
              "straight line. The 80% range should hold 80 times in 100, and the outcome should come late in 50 of 100. "
              "'Never, wrongly' is how often it said that a target would not be reached and it was; 'promised, wrongly' "
              "how often it was sure and nothing came.")
NO_BENCHMARK = T("The table of public countdowns is not part of this installation: the file data/benchmark.csv is missing.")
