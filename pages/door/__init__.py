"""The server's door: everything that comes in passes here before Streamlit sees it. See `pages.door.guard`."""
