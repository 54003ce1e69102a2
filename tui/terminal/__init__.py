"""All that touches the terminal below Textual: the preflight, the first frame, and the driver.

Private attributes of Textual are used in this package only; `tests/wire/test_textual_contract.py`
tells when an update of Textual breaks an expectation.
"""
