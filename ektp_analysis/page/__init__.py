"""What all pages share, and the only part of the library that knows Streamlit."""
