"""The controls that our papers promise (SECURITY.md, docs/dpia.md, docs/insiden.md): each with the test that holds it.

A paper names a control by its text (``kendali.<name>``); a house test finds a promise without a control and a control
without its test.
"""

from __future__ import annotations

from typing import NamedTuple


class Control(NamedTuple):
    """One control: its name and the tests that die when it is gone, each ``file::function``."""

    name: str
    tests: tuple[str, ...]


def _control(name: str, *tests: str) -> Control:
    return Control(name, tuple(f"tests/{test}" for test in tests))


CONTROLS = (
    _control(
        "jumlah_desa",
        "unit/data/test_disclosure.py::test_a_village_looks_the_same_whatever_its_count",
        "screens/test_pages.py::test_no_screen_shows_a_count_of_events_in_a_village",
        "unit/campaign/test_export.py::test_no_exported_column_is_a_count_of_cases",
    ),
    _control(
        "pembulatan",
        "unit/data/test_disclosure.py::test_below_ten_all_counts_look_alike",
        "unit/data/test_disclosure.py::test_from_ten_on_the_nearest_five",
    ),
    _control("uji_bocor", "unit/risk/test_leak.py::test_no_file_leaves_from_a_leaky_version"),
    _control(
        "tolak_pribadi",
        "unit/data/test_personal.py::test_personal_data_anywhere_in_a_file_refuse_it",
        "unit/data/test_hostile_command.py::test_a_refused_identity_number_is_nowhere_afterwards",
    ),
    _control("kata_cap", "house/test_stigma.py::test_no_text_of_the_catalogue_or_the_pages_of_help_marks_a_village"),
    _control("proyektor", "screens/test_projector.py::test_it_says_what_the_briefing_says_and_names_no_village"),
    _control(
        "tiga_orang",
        "unit/campaign/test_lists.py::test_a_list_goes_from_maker_to_checker_to_approver",
        "unit/campaign/test_lists.py::test_a_signature_needs_an_office_and_no_private_number",
    ),
    _control("alamat", "screens/test_server.py::test_the_server_stays_on_this_machine_and_tells_nobody"),
    _control("nama_peladen", "screens/test_server.py::test_every_route_answers_by_its_own_names_only"),
    _control("hak_tindakan", "unit/campaign/test_acts.py::test_a_role_that_may_not_is_refused_before_anything_is_read"),
    _control(
        "jejak_tindakan",
        "store/test_chain.py::test_every_act_and_every_refusal_leaves_a_row_with_the_account",
        "unit/campaign/test_list_files.py::test_every_export_is_written_to_the_audit",
    ),
    _control(
        "jejak_rantai",
        "store/test_chain.py::test_of_a_hundred_random_tamperings_every_one_is_found",
        "store/test_chain.py::test_the_first_row_that_is_not_as_it_was_is_named",
        "store/test_chain.py::test_an_older_copy_put_back_is_found",
    ),
    _control("jejak_simpan", "unit/campaign/test_audit_commands.py::test_young_rows_are_not_cut"),
    _control("jejak_laporan", "unit/campaign/test_audit_commands.py::test_the_report_tells_what_one_person_did"),
    _control(
        "cadangan_segel",
        "store/test_backup.py::test_a_backup_whose_audit_was_emptied_is_refused_however_it_was_sealed",
        "store/test_backup.py::test_a_forged_backup_is_refused",
    ),
    _control("cadangan_uji", "store/test_backup.py::test_a_backup_that_does_not_come_back_is_not_kept"),
    _control("cadangan_sandi", "store/test_backup.py::test_a_passphrase_locks_the_whole_file"),
    _control("berkas_tertutup", "store/test_health.py::test_every_file_that_is_made_is_its_owners_alone"),
    _control(
        "periksa_nama",
        "store/test_health.py::test_a_damaged_layer_is_named_and_made_again",
        "store/test_health.py::test_a_damaged_page_of_the_database_is_named",
        "store/test_health.py::test_a_full_disk_is_named_and_reading_goes_on",
    ),
    _control("batalkan", "store/test_undo.py::test_undoing_everything_in_any_order_brings_every_table_back"),
    _control("setengah", "store/test_crash.py::test_no_act_that_is_killed_is_left_half_done"),
    _control("tanpa_luar", "browser/test_main_path.py::test_every_page_renders_at_every_size_and_asks_nobody_else"),
    _control("nama_berkas", "unit/campaign/test_list_files.py::test_file_names_carry_version_day_and_the_mark"),
    _control(
        "klarifikasi", "unit/campaign/test_replies.py::test_a_request_is_decided_once_and_a_rejection_has_a_reason"
    ),
)
