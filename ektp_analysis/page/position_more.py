"""Around the page Posisi: how it is set, which office it is about where there are several, and what stands below the fold."""

from __future__ import annotations

import streamlit as st

from ektp_analysis.charts.axes import Look
from ektp_analysis.charts.drawing import as_png
from ektp_analysis.charts.over_time import trend
from ektp_analysis.core.area import register
from ektp_analysis.core.targets import Target
from ektp_analysis.core.text import TN, T
from ektp_analysis.core.theme import PALETTES
from ektp_analysis.figures import tables
from ektp_analysis.figures.side_by_side import ranking
from ektp_analysis.narrative import counts
from ektp_analysis.office import identity, stores
from ektp_analysis.page.choices import View, set_choice
from ektp_analysis.page.parts import downloads, table, warnings

LEFT, RIGHT = 340, 470  # pixels that map and list need; where there are fewer, they stand below each other


def look(view: View) -> None:
    """Less space than on other pages, so that all of it is seen at once; in the colours of either theme."""
    light, dark = PALETTES["light"], PALETTES["dark"]

    def both(name: str) -> str:
        return f"light-dark({getattr(light, name)}, {getattr(dark, name)})"

    st.html(f"""<style>
    [data-testid=stMainBlockContainer] {{ padding: .8rem 1.5rem 2rem; }}
    [data-testid=stHeader] {{ background: transparent; pointer-events: none; }}
    [data-testid=stHeader] button {{ pointer-events: auto; }}
    .st-key-position h1 {{ font-size: 1.35rem; line-height: 1.28; padding: 0; letter-spacing: -.005em; }}
    .strip {{ list-style: none; display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0; padding: 0 2.5rem 0 0;
        font-size: 13px; line-height: 1.5; color: {both("muted")}; }}
    .strip li {{ margin: 0; padding: 0; font-size: inherit; }}
    .strip .doubt {{ background: {both("doubted")}; color: {both("doubt")}; border-radius: 10px;
        padding: 0 9px; margin-left: -4px; }}
    .st-key-explore [data-testid=stHorizontalBlock]:has(> [data-testid=stColumn]) > [data-testid=stColumn]:first-child {{
        min-width: min({LEFT}px, 100%); }}
    .st-key-explore [data-testid=stHorizontalBlock]:has(> [data-testid=stColumn]) > [data-testid=stColumn]:last-child {{
        min-width: min({RIGHT}px, 100%); }}
    .st-key-explore h2 {{ font-size: 1rem; padding: 0; line-height: 1.3; }}
    .st-key-explore button {{ min-height: 1.6rem; }}
    </style>""")


def home(view: View) -> None:
    """Where figures of several kabupaten are held and nobody has said which is the office's own: asked once, and kept."""
    offered = _homes(view.office.url, view.office.token, identity.home_is_chosen(), view.office)
    if not offered:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", key="home"):
        chosen = st.selectbox(
            view.say(
                TN(
                    "Figures of {n} regency or city are held here. Which one opens first?",
                    "Figures of {n} regencies and cities are held here. Which one opens first?",
                    n=len(offered),
                )
            ),
            offered,
            format_func=register().full_name,
            key="home_area",
        )
        if st.button(view.say(T("Open this one first")), key="home_kept"):
            identity.keep_home(chosen)
            set_choice("area", chosen)
            set_choice("inside", "")
            st.rerun()


@st.cache_data(show_spinner=False, max_entries=16)
def _homes(url: str, token: str, chosen: bool, _office: stores.Office) -> tuple[str, ...]:
    return stores.homes(_office)


def more(view: View) -> None:
    """What limits the figures, in full; their tables; and all of it to take away."""
    with st.expander(view.say(T("Details, tables and downloads")), key="details", on_change="rerun") as opened:
        if not opened.open:
            return
        warnings(view)
        target, at = Target.national(), view.standing
        rows = None if at.child_level is None else ranking(view.rolled, view.area, on=view.on)
        if rows is not None:
            st.markdown("**" + view.sentence(counts.ranking(rows)) + "**  \n" + view.sentence(counts.silence(at)))
        before = tables.pick(view.history, tables.HISTORY)
        inside = before if rows is None else tables.pick(rows, tables.RANKING)
        for place, one in enumerate([inside] if rows is None else [inside, before]):
            table(view, one, f"overview_table_{place}")
        drawn = Look(view.lang, note=view.note)
        downloads(
            view,
            "overview",
            frames={view.say(T("Areas")): inside, view.say(T("History")): before},
            pictures={view.say(T("Trend")): lambda: as_png(trend(view.history, drawn, target=target))},
        )
