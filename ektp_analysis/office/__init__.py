"""The wiring that pages and commands share: which store, what comes in, what goes out, is all well. No Streamlit."""
