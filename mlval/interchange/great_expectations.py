"""Suites of Great Expectations, written by versions 0.x and 1.x, as rules of a contract.

The semantics are that tool's: `mostly` is a share of the values that are there, limits may be strict,
ties may be welcome. What an expectation cannot say here is named with the reason.
"""

from collections.abc import Collection, Mapping

from mlval.domain.text import shown
from mlval.interchange.coverage import Coverage, Fate, Item
from mlval.interchange.demand import Fragment, Mapped, Refusal, Unmappable
from mlval.interchange.fit import settled
from mlval.interchange.gx_arguments import Arguments
from mlval.interchange.gx_statistics import STATISTICS
from mlval.interchange.gx_tables import TABLES
from mlval.interchange.gx_values import VALUES, Mapper
from mlval.interchange.json_text import JsonDocument, JsonRefused, Value
from mlval.interchange.names import contract_name, dataset_name
from mlval.interchange.plan import Plan, finished

MAPPERS: Mapping[str, Mapper] = {**VALUES, **STATISTICS, **TABLES}

_DRIFT = "a distance between distributions: write a validation of `type: drift`"
_QUERY = "a query in the SQL of another database: write its meaning as `expect:` or as a rule"
REASONS: Mapping[str, str] = {
    "expect_column_kl_divergence_to_be_less_than": _DRIFT,
    "expect_column_chisquare_test_p_value_to_be_greater_than": _DRIFT,
    "expect_column_bootstrapped_ks_test_p_value_to_be_greater_than": _DRIFT,
    "expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than": _DRIFT,
    "expect_column_wasserstein_distance_to_be_less_than": _DRIFT,
    "expect_column_pair_cramers_phi_value_to_be_less_than": "there is no rule for two categories",
    "expect_column_values_to_be_dateutil_parseable": "dateutil reads almost any text: name a `format:`",
    "expect_column_values_to_match_json_schema": "there is no rule for the schema of JSON in a column",
    "expect_query_results_to_match_comparison": _QUERY,
    "expect_query_results_to_match_source": _QUERY,
    "unexpected_rows_expectation": _QUERY,
}
"""Expectations without a counterpart, and why."""

GENERAL = (
    "a rule that finds no value to look at is an error here; there it passes",
    "NaN is a value here, beyond every limit; pandas takes it for a null",
)
_KEPT = {
    *("expectations", "expectation_suite_name", "name", "data_asset_type", "ge_cloud_id", "id", "meta"),
    *("notes", "suite_parameters", "evaluation_parameters"),
}
_OF_ONE = {
    *("type", "expectation_type", "kwargs", "meta", "severity", "id", "notes", "description"),
    *("ge_cloud_id", "expectation_context", "rendered_content", "success_on_last_run"),
}


def read_suite(
    document: JsonDocument, *, file: str, refusal: Refusal, datasets: Collection[str] | None = None
) -> tuple[Fragment, Coverage]:
    """Return a suite as a contract of one dataset, and what became of each expectation.

    Parameters
    ----------
    document : the parsed file
    file : what messages call it
    refusal : why a predicate cannot be used
    datasets : the only other datasets that may be named; by default any, which are added

    Raises
    ------
    JsonRefused
        If the file is no suite.
    """
    suite = document.value
    entries = suite.get("expectations") if isinstance(suite, Mapping) else None
    if not isinstance(suite, Mapping) or not isinstance(entries, tuple):
        message = f"{shown(file)} is no suite of Great Expectations: it has no list `expectations`"
        raise JsonRefused(message, remedy="export the suite as JSON")
    named = suite.get("name") or suite.get("expectation_suite_name") or "suite"
    name = named if isinstance(named, str) else "suite"
    plan, items, others = Plan(None), [], set[str]()
    for index, entry in enumerate(entries):
        source, mapped = _mapped(entry, index=index, refusal=refusal, datasets=datasets)
        for demand in mapped.demands:
            plan.add(demand, index)
        others.update(mapped.datasets)
        place = document.places.get(("expectations", index))
        items.append(Item(source, mapped.fate, "; ".join(mapped.notes), place))
    items += [
        Item(f"{key}", Fate.UNMAPPED, "this key of a suite is not known")
        for key in suite
        if key not in _KEPT and suite[key] not in (None, (), {})
    ]
    dataset = plan.dataset = dataset_name(name, others)
    validations, origins = finished(plan)
    everywhere: dict[str, Value] = {one: {"from": "input"} for one in (dataset, *sorted(others))}
    fragment = Fragment(contract_name(name), everywhere, validations, origins)
    general = (*GENERAL, "notes, ids and meta are no rules and are left out")
    return fragment, Coverage(tuple(items), general)


def _mapped(
    entry: Value, *, index: int, refusal: Refusal, datasets: Collection[str] | None
) -> tuple[str, Mapped]:
    """Return what an expectation is called, and what it became."""
    kind = (entry.get("type") or entry.get("expectation_type")) if isinstance(entry, Mapping) else None
    kwargs = entry.get("kwargs", {}) if isinstance(entry, Mapping) else None
    source = f"expectations[{index}]"
    if not isinstance(entry, Mapping) or not isinstance(kind, str) or not isinstance(kwargs, Mapping):
        return source, _refused("this is no expectation: it needs a `type` and `kwargs`")
    source = f"{source} {shown(kind, 80)}{_about(kwargs)}"
    unknown = [key for key in entry if key not in _OF_ONE]
    if unknown:
        return source, _refused(f"the key {shown(unknown[0], 40)!r} is not known")
    name = _snake(kind)
    if name in REASONS:
        return source, _refused(REASONS[name])
    if name not in MAPPERS:
        return source, _refused("no expectation of this name is known; write its meaning as a rule")
    mapped = _by(MAPPERS[name], Arguments(kwargs), severity=entry.get("severity"))
    return source, settled(mapped, refusal, datasets=datasets)


def _by(mapper: Mapper, given: Arguments, *, severity: Value) -> Mapped:
    try:
        mapped = mapper(given, given.terms(severity))
    except Unmappable as error:
        return Mapped(error.kept, (error.why,), Fate.UNMAPPED)
    if unread := given.unread():
        return _refused(f"the argument {shown(unread[0], 40)!r} is not known")
    return mapped


def _refused(why: str) -> Mapped:
    return Mapped((), (why,), Fate.UNMAPPED)


def _about(kwargs: Mapping[str, Value]) -> str:
    named = [kwargs.get(key) for key in ("column", "column_A", "column_B", "column_list", "column_set")]
    texts = [", ".join(map(str, one)) if isinstance(one, tuple) else one for one in named]
    told = ", ".join(shown(text, 60) for text in texts if isinstance(text, str))
    return f" ({told})" if told else ""


def _snake(kind: str) -> str:
    """Return the name of an expectation as suites have it; some write the name of its class.

    >>> _snake("ExpectColumnValuesToBeUnique"), _snake("expect_column_pair_values_A_to_be_greater_than_B")
    ('expect_column_values_to_be_unique', 'expect_column_pair_values_a_to_be_greater_than_b')
    """
    if "_" in kind:
        return kind.lower()
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in kind).lstrip("_")
