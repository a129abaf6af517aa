"""Kits in the user's cache: where the folder is, who may read it, a file a deployment, and how `--kit` names a place."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from sbctl.commands.kit.option import KitObject, KitOption
from sbctl.failover.kit.cache import KitCache, cache_folder
from sbctl.failover.kit.kit import Kit
from tests.unit.failover.scenes import kit

HOME = Path.home()


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({"XDG_CACHE_HOME": "/x"}, "linux", Path("/x")),
        ({"XDG_CACHE_HOME": "/x"}, "darwin", Path("/x")),
        ({"XDG_CACHE_HOME": "relative"}, "linux", HOME / ".cache"),
        ({"XDG_CACHE_HOME": ""}, "linux", HOME / ".cache"),
        ({}, "darwin", HOME / "Library" / "Caches"),
        ({"LOCALAPPDATA": "/local"}, "win32", Path("/local")),
    ],
)
def test_the_cache_is_where_the_platform_has_it(environment: dict[str, str], platform: str, folder: Path) -> None:
    """A relative XDG_CACHE_HOME counts as not set, as its specification says."""
    assert cache_folder(environment, platform) == folder / "sbctl" / "kits"


def test_a_kept_kit_is_the_owners_alone_and_read_again(tmp_path: Path) -> None:
    """Folder 0700, file 0600; kept twice it is one file; forgotten it is gone."""
    cache, held = KitCache(tmp_path / "sbctl" / "kits"), kit()
    cache.keep(held, tmp_path / "state")
    cache.keep(held, tmp_path / "state")
    (found,) = cache.all()
    assert found.kit == held
    assert found.path.stat().st_mode & 0o777 == 0o600
    assert found.path.parent.stat().st_mode & 0o777 == 0o700
    cache.forget(held, tmp_path / "state")
    assert cache.all() == []


def test_deployments_have_a_file_each(tmp_path: Path) -> None:
    """On AWS by project and account; elsewhere by the state too, since worlds come and go."""
    cache = KitCache(tmp_path)
    for account in ("111111111111", "222222222222"):
        cache.keep(kit(account=account, endpoint="aws"), tmp_path / "one")
        cache.keep(kit(account=account, endpoint="aws", serial=9), tmp_path / "two")
    assert sorted((one.kit.account, one.kit.serial) for one in cache.all()) == [
        ("111111111111", 9),
        ("222222222222", 9),
    ]
    cache.keep(kit(endpoint="sandbox"), tmp_path / "one")
    cache.keep(kit(endpoint="sandbox"), tmp_path / "two")
    assert sum(one.kit.endpoint == "sandbox" for one in cache.all()) == 2


def test_what_is_no_kit_is_passed_over(tmp_path: Path) -> None:
    """Nor is a cache missed that cannot be read, or a user without a home."""
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    (tmp_path / "folder.json").mkdir()
    assert KitCache(tmp_path).all() == []
    assert KitCache(tmp_path / "none").all() == []
    KitCache(None).keep(kit(), tmp_path)
    assert KitCache(None).all() == []


@pytest.mark.parametrize(
    ("text", "bucket", "region", "key"),
    [
        ("s3://b-us-west-2/sbctl/kit/us-west-2.json", "b-us-west-2", "us-west-2", "sbctl/kit/us-west-2.json"),
        ("s3://copies/sbctl/kit/eu-west-2.json", "copies", "eu-west-2", "sbctl/kit/eu-west-2.json"),
        ("s3://b-us-west-2@us-gov-west-1/kit", "b-us-west-2", "us-gov-west-1", "kit"),
        ("s3://copies/kit.json", "copies", "", "kit.json"),
    ],
)
def test_a_kit_in_a_bucket_is_asked_for_in_the_buckets_region(text: str, bucket: str, region: str, key: str) -> None:
    """As told, else as the names say: S3 in us-east-1 may not be there to be asked."""
    found = KitOption().convert(text, None, None)
    assert isinstance(found, KitObject)
    assert (found.location.bucket, found.location.region, found.key, str(found)) == (bucket, region, key, text)


@pytest.mark.parametrize("text", ["s3://", "s3://bucket", "s3://Bucket/key", "s3://bucket/"])
def test_a_place_that_names_no_object_is_wrong_usage(text: str) -> None:
    """Before anything is asked."""
    with pytest.raises(click.BadParameter):
        KitOption().convert(text, None, None)


def test_a_kit_of_an_older_version_loads() -> None:
    """What this version adds has a default."""
    fields = set(Kit.model_fields) - {"lineage", "serial", "endpoint", "no_signal", "signal_table", "chain", "routing"}
    assert Kit.model_validate_json(kit().model_dump_json(include=fields)).project == kit().project
