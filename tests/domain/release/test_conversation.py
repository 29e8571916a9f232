"""The system prompt kept, folded or dropped, and what makes two completions the same."""

import pytest

from labelhub.domain.items import Completion, Turn
from labelhub.domain.release.conversation import candidate_text, normalised, with_system
from labelhub.domain.release.spec import System
from labelhub.domain.vocabulary import SpeakerRole
from tests.domain.release.world import assistant, completion, system, user

PROMPT = (system("Be brief."), user("Hello"), assistant("Yes?"), user("Boil an egg"))


def test_a_system_prompt_is_kept_folded_or_dropped() -> None:
    assert with_system(PROMPT, System.KEEP) == PROMPT
    assert with_system(PROMPT, System.DROP) == PROMPT[1:]
    assert with_system(PROMPT, System.FOLD) == (user("Be brief.\n\nHello"), *PROMPT[2:])


@pytest.mark.parametrize("how", list(System))
def test_without_a_system_prompt_nothing_changes(how: System) -> None:
    assert with_system(PROMPT[1:], how) == PROMPT[1:]
    assert with_system((), how) == ()


def test_a_completion_is_its_trimmed_text() -> None:
    assert candidate_text(completion(" a\n")) == candidate_text(completion("a")) == "a"
    assert candidate_text(completion("a b")) != candidate_text(completion("a  b"))


def test_a_completion_of_several_turns_needs_words_in_each_of_the_assistants() -> None:
    def spoken(*turns: Turn) -> str:
        return candidate_text(Completion(turns))

    tool = Turn(SpeakerRole.TOOL, "")
    assert spoken(assistant("a"), tool, assistant("b"))
    assert not spoken(assistant("a"), tool, assistant(" "))
    assert not spoken(tool, user("b"))
    assert not spoken()
    assert spoken(assistant("a"), assistant("b")) != spoken(assistant("ab"))


@pytest.mark.parametrize("text", ["Straße  ﬁn", "STRASSE FIN", "strasse\nfin "])
def test_leakage_looks_past_case_forms_and_white_space(text: str) -> None:
    assert normalised(text) == "strasse fin"
