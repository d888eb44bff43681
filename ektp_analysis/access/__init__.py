"""Who may do what: people, their roles in areas, and the one gate that every read and every write passes. No Streamlit."""
