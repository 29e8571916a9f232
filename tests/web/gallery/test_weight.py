"""What the desk costs on the wire: a page that opens on a slow line, and light items after it."""

import gzip
import re

import pytest
from flask import Flask

COLD_BYTES = 100_000
COLD_REQUESTS = 12
ITEM_BYTES = 15_000


def assets(page: str) -> list[str]:
    return re.findall(r'<(?:link[^>]*href|script[^>]*src)="(/static/[^"]+)"', page)


@pytest.mark.parametrize("slug", ["helpfulness", "harm"])
def test_a_cold_desk_with_its_first_item_is_light(gallery: Flask, slug: str) -> None:
    """Static files count as the installation sends them: compressed. Pages count as they are."""
    client = gallery.test_client()
    page = client.get(f"/desk/{slug}")
    first = client.post(f"/desk/{slug}/next_item", headers={"HX-Request": "true"})
    files = [client.get(address).data for address in assets(page.text)]
    weight = len(page.data) + len(first.data) + sum(len(gzip.compress(data)) for data in files)

    assert 'id="item"' in first.text
    assert len(files) + 2 <= COLD_REQUESTS
    assert weight <= COLD_BYTES


@pytest.mark.parametrize("slug", ["helpfulness", "harm"])
def test_each_following_item_is_one_light_fragment(gallery: Flask, slug: str) -> None:
    answer = {"preference": "2", "severity-0": "0", "severity-1": "0"}
    fragment = gallery.test_client().post(
        f"/desk/{slug}/submit", data=answer, headers={"HX-Request": "true"}
    )

    assert fragment.text.startswith('<section id="item"')
    assert len(fragment.data) <= ITEM_BYTES
