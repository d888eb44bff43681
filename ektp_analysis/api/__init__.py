"""The interface for programs: what pages and commands say as JSON, CSV and GeoJSON, and files sent in. No Streamlit."""
