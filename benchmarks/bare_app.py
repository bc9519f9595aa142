"""The floor of a cold start: a Streamlit page that shows one line."""

import streamlit as st

st.title("siap")
