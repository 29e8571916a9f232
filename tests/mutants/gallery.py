"""Faults put into the program on purpose, each with the test that must notice it (M22)."""

from tests.mutants.faults import Edit, Mutant, mutant
from tests.mutants.welfare import WELFARE

__all__ = ["GALLERY", "Edit", "Mutant"]

DESK = "tests/services/desk"
CHECK_INS = "tests/services/check_ins/test_non_interference.py"

_FORGED = (
    "Admission(locked.state.labeler_id, candidate.item_id, locked.now, candidate.tier,"
    " timedelta(minutes=5))"
)

_READ = (
    "    statement = _AT_TURN_SHARING if sharing and policies.can_change(session) else _AT_TURN\n"
    '    row = statement.one_or_none(session, {"person": person_id})\n'
)
_ASKED_FIRST = "if refusal := reopening.refusal(locked, last[1]):"

GALLERY: tuple[Mutant, ...] = (
    mutant(
        "driver default transactions", "labelhub/store/database.py",
        "cursor.execute(word)", "pass",
        "tests/races/test_transactions.py::test_a_writing_transaction_is_locked_before_its_first_read",
        Edit(
            "labelhub/store/database.py",
            "connection.isolation_level = None  # the driver begins nothing; we do", "pass",
        ),
    ),
    mutant(
        "deferred begin", "labelhub/store/database.py",
        '"BEGIN" if read_only else "BEGIN IMMEDIATE"', '"BEGIN"',
        "tests/races/test_transactions.py::test_a_writing_transaction_is_locked_before_its_first_read",
        quick=True,
    ),
    mutant(
        "lock after read: the clock before the turn", "labelhub/store/labelers.py",
        "    held = turns.take(session, person_id)\n" + _READ, _READ
        + "    held = turns.take(session, person_id)\n",
        f"{DESK}/test_order_of_writing.py::test_the_turn_is_the_first_statement[sqlite-served]",
        quick=True,
    ),
    mutant(
        "the turn is read, not taken", "labelhub/store/labelers.py",
        "held = turns.take(session, person_id)", "held = turns.peek(session, person_id)",
        "tests/services/desk/test_order_of_writing.py::test_the_turn_is_the_first_statement[sqlite-answered]",
    ),
    mutant(
        "stale state: work remembered between transactions", "labelhub/store/labelers.py",
        "    tick = gate_clock.ticked(session, clock, row)\n"
        "    work = from_record(held.record) if held.record else NEW\n",
        "    tick = gate_clock.ticked(session, clock, row)\n"
        "    work = take_turn.__dict__.setdefault("
        "person_id, from_record(held.record) if held.record else NEW)\n",
        f"{DESK}/test_serving.py::test_the_same_exposure_is_sent_again_five_times_and_no_more[sqlite]",
    ),
    mutant(
        "the window includes its old edge", "labelhub/store/charges.py",
        '_SUMS.where(_CHARGE.c.hidden_at <= sa.bindparam(f"edge_{number}"))',
        '_SUMS.where(_CHARGE.c.hidden_at < sa.bindparam(f"edge_{number}"))',
        "tests/store/test_charges.py::test_a_window_is_half_open[sqlite]", quick=True,
    ),
    mutant(
        "six times again instead of five", "labelhub/services/serving.py",
        "exposures.times_sent_again(session, exposure_id) >= SENT_AGAIN",
        "exposures.times_sent_again(session, exposure_id) > SENT_AGAIN",
        f"{DESK}/test_serving.py::test_the_same_exposure_is_sent_again_five_times_and_no_more[sqlite]",
    ),
    mutant(
        "exposure in a transaction of its own", "labelhub/services/serving.py",
        "    exposure_id = exposures.append(session, assignment, admission)\n",
        "    exposure_id = exposures.append(session, assignment, admission)\n"
        "    session.connection().connection.commit()\n",
        f"{DESK}/test_order_of_writing.py::test_a_crash_while_serving_leaves_nothing[sqlite-labelhub.store.content-read]",
    ),
    mutant(
        "text read before its exposure", "labelhub/services/serving.py",
        "    exposure_id = exposures.append(session, assignment, admission)\n",
        "    content.read(session, admission, swapped=assignment.swapped)\n"
        "    exposure_id = exposures.append(session, assignment, admission)\n",
        f"{DESK}/test_order_of_writing.py::test_text_is_read_only_after_its_exposure_or_showing[sqlite-next-5]",
        quick=True,
    ),
    mutant(
        "sent again without a showing on record", "labelhub/services/serving.py",
        "    exposures.count_again(session, exposure_id, locked.now)\n", "",
        f"{DESK}/test_order_of_writing.py::test_text_is_read_only_after_its_exposure_or_showing[sqlite-again-5]",
    ),
    mutant(
        "opt-out without the turn", "labelhub/services/safeguarding.py",
        "    turn = hiding.settled_turn(session, person_id, clock)\n"
        "    assignment = _assigned(session, person_id, slug, assignment_id)\n    subjects",
        "    turn = Turn(person_id, 0, hiding.timeline.NEW, clock.now(), clock.now(), True)\n"
        "    assignment = _assigned(session, person_id, slug, assignment_id)\n    subjects",
        f"{DESK}/test_order_of_writing.py::test_the_turn_is_the_first_statement[sqlite-declined]",
    ),
    mutant(
        "reveal without the gate", "labelhub/services/serving.py",
        "    decision = decide(locked.state, candidate, locked.now)\n"
        "    if isinstance(decision, Refusal):\n        return",
        "    decision = decide(locked.state, candidate, locked.now)\n"
        f"    if unveil:\n        decision = {_FORGED}\n"
        "    if isinstance(decision, Refusal):\n        return",
        f"{DESK}/test_veil_and_stop.py::test_lifting_the_veil_passes_the_gate[sqlite]", quick=True,
    ),
    mutant(
        "undo shows text without the gate", "labelhub/services/serving.py",
        "    return NotThere() if locked is None else _resume(session, locked, assignment, "
        "unveil=True)\n",
        "    if locked is None:\n        return NotThere()\n"
        "    candidate = candidates.assigned(locked, assignment)\n"
        f"    return _expose(session, locked, assignment, {_FORGED})\n",
        f"{DESK}/test_undoing.py::test_undo_in_a_break_shows_no_text[sqlite]",
        Edit("labelhub/services/rating.py", _ASKED_FIRST, "if refusal := None:"),
    ),
    mutant(
        "undo takes the answer back before the gate is asked", "labelhub/services/rating.py",
        _ASKED_FIRST, "if refusal := None:",
        f"{DESK}/test_undoing.py::test_undo_where_the_gate_would_not_show_the_item_leaves_the_answer[sqlite]",
    ),
    mutant(
        "an older page takes back a later answer", "labelhub/services/rating.py",
        "if rating_id not in {None, last[0].rating_id}:", "if False:",
        f"{DESK}/test_undoing.py::test_an_older_page_does_not_take_back_a_later_answer[sqlite]",
    ),
    mutant(
        "a mild severity is declined with all work", "labelhub/services/safeguarding.py",
        "max(HARD, assignment.severity) if assignment", "assignment.severity if assignment",
        f"{DESK}/test_declining.py::test_declining_a_mild_severity_ends_hard_work_alone[sqlite-0]",
    ),
    mutant(
        "declining hard content throws a mild answer away", "labelhub/services/safeguarding.py",
        "if assignment is not None and _bars(scope, subjects, assignment):",
        "if assignment is not None:",
        f"{DESK}/test_declining.py::test_a_mild_answer_in_hand_is_kept_when_hard_content_is_declined[sqlite-today]",
    ),
    mutant(
        "going on with hard content in advance", "labelhub/services/safeguarding.py",
        "None or not declaration_wanted(locked.state, locked.place.facts, locked.now):",
        "None:",
        f"{DESK}/test_declaring.py::test_going_on_counts_when_it_is_asked_for_and_never_in_advance[sqlite]",
    ),
    mutant(
        "a veiled item is shown at once", "labelhub/services/serving.py",
        "    if candidates.waiting(locked, waiting).veiled:\n", "    if False:\n",
        f"{DESK}/test_veil_and_stop.py::test_a_veiled_offer_has_no_exposure_until_it_is_shown[sqlite]",
    ),
    mutant(
        "GET serves", "labelhub/web/desk.py",
        "found = read(lambda session: desk.look(session, _me(), slug, clock()))\n"
        "    if isinstance(found.outcome, NotThere):",
        "found = transact(lambda session: desk.serve(session, _me(), slug, clock()))\n"
        "    if isinstance(found.outcome, NotThere):",
        f"{DESK}/test_looking.py::test_getting_the_page_shows_no_text_and_changes_nothing[sqlite-False]",
    ),
    mutant(
        "idempotency key ignored", "labelhub/services/rating.py",
        'known = replays.find(session, person_id, key, "answer")', "known = None",
        f"{DESK}/test_answering.py::test_the_same_key_and_answer_is_told_the_same[sqlite]",
    ),
    mutant(
        "idempotency key not bound to the item", "labelhub/services/rating.py",
        "hashlib.sha256(assignment_id.bytes + orjson.dumps(plain))",
        "hashlib.sha256(orjson.dumps(plain))",
        f"{DESK}/test_answering.py::test_a_retry_under_another_items_key_is_not_told_that_items_outcome[sqlite]",
    ),
    mutant(
        "idempotency key without the body's hash", "labelhub/services/rating.py",
        "if earlier.request_hash != digest:", "if not earlier.request_hash:",
        f"{DESK}/test_answering.py::test_the_same_key_with_another_answer_is_a_conflict[sqlite]",
        quick=True,
    ),
    mutant(
        "a second answer under another key is kept", "labelhub/services/rating.py",
        "if not assignment.is_open and ratings.stands(session, assignment.id):", "if False:",
        f"{DESK}/test_answering.py::test_a_second_answer_under_another_key_is_a_conflict[sqlite]",
    ),
    mutant(
        "a retry takes a second item", "labelhub/services/serving.py",
        "    if assignment.slug == slug and not ran_out:\n        return turn, assignment\n",
        "    if assignment.slug == slug and not ran_out:\n"
        "        assignments.close(session, assignment.id, 'released', turn.now)\n"
        "        return turn, None\n",
        f"{DESK}/test_serving.py::test_past_its_granted_time_an_item_passes_the_gate_anew[sqlite]",
    ),
    mutant(
        "expiry returns budget", "labelhub/services/hiding.py",
        "        return turn\n    _append(session, person_id, turn.work, charge)\n",
        "        return turn\n",
        f"{DESK}/test_serving.py::test_past_its_granted_time_an_item_passes_the_gate_anew[sqlite]",
    ),
    mutant(
        "slot counted by SELECT", "labelhub/store/slots.py",
        '    return _TAKE.run(session, {"item": item_id}) == 1\n',
        "    looked = sa.select(_ITEM).where(_ITEM.c.id == item_id)\n"
        "    row = session.connection().execute(looked).one()\n"
        "    if row.state != 'ready' or row.taken_count >= row.overlap:\n        return False\n"
        "    session.connection().execute(sa.update(_ITEM).where(_ITEM.c.id == item_id).values(\n"
        "        open_count=row.open_count + 1, taken_count=row.taken_count + 1))\n"
        "    return True\n",
        "tests/races/test_transactions.py::test_of_two_who_reach_for_the_last_slot_one_gets_it",
    ),
    mutant(
        "event in a transaction of its own", "labelhub/store/record.py",
        "    tip = _tip(session, organisation_id, person_id)\n",
        "    session.connection().connection.commit()\n"
        "    tip = _tip(session, organisation_id, person_id)\n",
        f"{DESK}/test_order_of_writing.py::test_a_crash_beside_the_event_keeps_neither_answer_nor_event[sqlite-True]",
    ),
    mutant(
        "a chain's end is kept as it was before the event", "labelhub/store/record.py",
        "expect(session, organisation_id, person_id, after)",
        "expect(session, organisation_id, person_id, tip)",
        "tests/store/test_record.py::test_events_of_one_transaction_follow_one_another[sqlite]",
    ),
    mutant(
        "limits that somebody set are not asked for", "labelhub/store/labelers.py",
        "if row.limited else", "if False else",
        "tests/store/test_limits_at_the_desk.py::test_each_layer_holds[sqlite-project]",
        quick=True,
    ),
    mutant(
        "a connection left in a transaction is lent again", "labelhub/store/kept.py",
        "connection.in_transaction() or connection.invalidated or ", "",
        "tests/store/test_kept.py::test_one_left_in_a_transaction_is_not_kept[sqlite]",
    ),
    mutant(
        "salt missing", "labelhub/store/record.py",
        "salt = secrets.token_bytes(SALT_BYTES)", "salt = bytes(SALT_BYTES)",
        "tests/store/test_record.py::test_no_two_commitments_are_alike[sqlite]",
    ),
    mutant(
        "max(now, last) only", "labelhub/domain/gate_time.py",
        "credit = max(_ZERO, min(wall_step, reading.boottime - anchor.reading.boottime))",
        "credit = max(_ZERO, wall_step)",
        "tests/domain/test_gate_time.py::test_on_one_boot_a_wall_clock_cannot_add_time",
    ),
    mutant(
        "wall clock used", "labelhub/store/labelers.py",
        "now = max(tick.gate_time, *_seen(work)) if _seen(work) else tick.gate_time",
        "now = clock.now()",
        f"{DESK}/test_resting.py::test_turning_the_wall_clock_ends_no_break[sqlite-86400]",
    ),
    mutant(
        "hard content in unverified time", "labelhub/store/labelers.py",
        "clock_verified=turn.verified,", "clock_verified=True,",
        f"{DESK}/test_resting.py::test_hard_content_waits_while_time_is_unverified[sqlite]",
    ),
    mutant(
        "drafts do not restart the gap", "labelhub/services/rating.py",
        "    labelers.keep_work(session, person_id, hiding.touch(turn.work, turn.now))\n", "",
        f"{DESK}/test_resting.py::test_drafts_in_a_gap_restart_it[sqlite]",
    ),
    mutant(
        "a declined item that had run out comes again", "labelhub/services/safeguarding.py",
        "        assignments.reclaim(session, assignment, outcome, turn.now)\n", "",
        f"{DESK}/test_declining.py::test_an_item_declined_after_its_lease_does_not_come_again[sqlite]",
    ),
    mutant(
        "undo shows what was declined", "labelhub/services/rating.py",
        "if last is None or choices.item_declined(session, person_id, last[1].item_id):",
        "if last is None:",
        f"{DESK}/test_undoing.py::test_an_item_declined_after_its_answer_does_not_come_back_by_undo[sqlite]",
    ),
    mutant(
        "a late answer is counted without looking for another of the same labeler",
        "labelhub/store/assignments.py",
        "_ASSIGNMENT.c.outcome.in_(_CAME_BACK), ~again)", "_ASSIGNMENT.c.outcome.in_(_CAME_BACK))",
        f"{DESK}/test_answering.py::test_a_late_answer_beside_the_same_item_served_anew[sqlite]",
    ),
    mutant(
        "a key that is claimed already is not noticed", "labelhub/store/inserting.py",
        "dialect_of(session)).run(session, values) == 1",
        "dialect_of(session)).run(session, values) >= 0",
        f"{DESK}/test_answering.py::test_the_same_key_for_another_item_is_a_conflict[sqlite]",
    ),
    mutant(
        "a low check-in stops hard content by itself", "labelhub/web/check_ins.py",
        "    if pages.is_fragment():\n        return _panel(panel.thanks(slug))\n",
        "    if feeling < MOST // 2:\n        stop_today()\n"
        "    if pages.is_fragment():\n        return _panel(panel.thanks(slug))\n",
        f"{CHECK_INS}::test_nobody_else_can_tell_what_was_answered[0]",
    ),
    mutant(
        "writing a check-in takes the turn that orders the queue",
        "labelhub/services/check_ins.py",
        "    vault.add(session, keys, person_id, check_in.to_document())\n",
        "    vault.add(session, keys, person_id, check_in.to_document())\n"
        "    turns.take(session, person_id)\n",
        f"{CHECK_INS}::test_nobody_else_can_tell_what_was_answered[0]",
        Edit(
            "labelhub/services/check_ins.py",
            "from labelhub.store import vault", "from labelhub.store import turns, vault",
        ),
    ),
    mutant(
        "a job can read check-ins", "labelhub/jobs.py",
        "from labelhub.services import housekeeping", "from labelhub.services import check_ins\n"
        "from labelhub.services import housekeeping",
        "tests/architecture/test_layout.py::test_the_layers_point_inwards",
    ),
    mutant(
        "a check-in is not bound to its owner", "labelhub/store/vault.py",
        "decrypt(nonce, rest, owner.encode())", 'decrypt(nonce, rest, b"")',
        "tests/store/test_vault.py::test_a_row_moved_to_somebody_else_cannot_be_read[sqlite]",
        Edit(
            "labelhub/store/vault.py",
            "encrypt(nonce, filled, owner.encode())", 'encrypt(nonce, filled, b"")',
        ),
    ),
    mutant(
        "deleted check-ins stay in the file", "labelhub/store/vault.py",
        'connection.exec_driver_sql("PRAGMA secure_delete = ON").close()', "pass",
        "tests/store/test_vault.py::test_what_was_deleted_is_not_left_in_the_file",
    ),
    mutant(
        "a check-in is asked for past half of a dose only", "labelhub/domain/welfare/check_in.py",
        "dose.spent * _ALL >= budget", "dose.spent * _ALL > budget",
        "tests/domain/welfare/test_check_in.py::test_half_of_any_dose_asks[L-02-0-True]",
    ),
    *WELFARE,
)  # fmt: skip
