"""The main story: a contract is measured, judged and turned into a report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mlval import __version__
from mlval.domain.asks import Ask
from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.errors import Failure, MlvalError, UsageError
from mlval.domain.text import shown
from mlval.domain.verdict import PARTIAL, InputRecord, Report
from mlval.flows.deferring import deferred
from mlval.flows.examples import with_examples
from mlval.flows.models import open_models, wanted_models
from mlval.flows.reading import open_inputs
from mlval.flows.reported import Reporting
from mlval.flows.request import Progress, Request
from mlval.judge.outcome import judge
from mlval.judge.verdict import verdict
from mlval.measure.driver import drive
from mlval.measure.engine import Engine
from mlval.policy.new_failures import beside_base
from mlval.policy.waivers import waive

_NAMED = 8


def run(request: Request, progress: Progress) -> Report:
    """Read what the validations need, measure it in shared rounds, judge it, fold it into a verdict.

    Raises
    ------
    UsageError
        If nothing is to be judged, a name is left unbound, or a reference is forbidden.
    """
    contract = replace(request.contract, inputs=replace(request.contract.inputs, now=request.now))
    suites: tuple[InputRecord, ...] = ()
    if any(getattr(check, "suite", None) for check in contract.validations):
        from mlval.flows.suites import with_suites  # wanted by few

        contract, suites = with_suites(contract, request)
    if any(getattr(check, "results", None) for check in contract.validations):
        from mlval.flows.history import with_history  # wanted by few

        contract, stored = with_history(contract, request)
        suites += stored
    everything = select(contract, request.only)
    later = deferred(everything, contract, request.bindings) if request.stranger else {}
    chosen = {index: check for index, check in everything.items() if index not in later}
    engine = Engine(request.resources, contract.inputs)
    inputs_read = open_inputs(engine, request, checks=list(chosen.values()), progress=progress)
    engine.lock()
    scoring = None
    if wanted := wanted_models(request, list(chosen.values())):
        from mlval.flows.scoring import Scoring  # wanted where models are loaded

        scoring = Scoring(request, engine, open_models(request, wanted, progress=progress))

    reporting = Reporting(request)

    def answer(asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
        progress("measuring", done=0, label=f"{len(asks)} asks")
        told = {**reporting.answer(asks), **(scoring.answer(asks, progress) if scoring else {})}
        return {**engine.answer([ask for ask in asks if ask not in told]), **told}

    measured = drive({str(index): check.steps(contract.inputs) for index, check in chosen.items()}, answer)
    for index, cause in _outdated(chosen, contract, scoring.outdated() if scoring else {}).items():
        measured[index] = Failure(cause)
    results = [
        result
        for index in everything
        for result in later.get(index) or judge(contract, index, measured[str(index)])
    ]
    terms, base = request.terms or contract.terms, request.base_result
    compared = beside_base(results, base.report if base else None, fail_on=terms.fail_on)
    # Of a validation that is not run, a waiver is not known to be of no more use.
    left_out = {check.id for check in contract.validations} - {check.id for check in everything.values()}
    waivers = [waiver for waiver in terms.waivers if waiver.rule.partition("/")[0] not in left_out]
    waived = waive(compared, waivers, now=request.now)
    shown_results = [
        with_examples(result, contract, engine.answer, told=request.allow_examples)
        for result in waived.results
    ]
    return Report(
        tool_version=__version__,
        contract_name=contract.name,
        contract_path=contract.path,
        contract_sha256=contract.sha256,
        now=request.now,
        verdict=verdict(shown_results),
        inputs=(
            *inputs_read(),
            *suites,
            *(scoring.records() if scoring else ()),
            *reporting.records(),
            *((base.record,) if base else ()),
        ),
        cautions=(*_partial(contract, everything), *(scoring.cautions if scoring else ()), *waived.cautions),
    )


def _partial(contract: Contract, judged: Mapping[int, Check]) -> tuple[str, ...]:
    """Return what a report has to say of the validations that it says nothing of."""
    others = [check.id for index, check in enumerate(contract.validations) if index not in judged]
    if not others:
        return ()
    more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
    return (f"{PARTIAL}{shown(', '.join(others[:_NAMED]))}{more}",)


def _outdated(
    chosen: Mapping[int, Check], contract: Contract, moved: Mapping[str, MlvalError]
) -> dict[str, MlvalError]:
    """Return the validations of models that are no longer what was judged, with the cause."""
    return {
        str(index): moved[name]
        for index, check in chosen.items()
        for name in check.uses(contract.inputs).models
        if name in moved
    }


def select(contract: Contract, only: Sequence[str]) -> dict[int, Check]:
    """Return the validations to run by their position: all, or those with one of these ids or types.

    Raises
    ------
    UsageError
        If a name selects nothing.
    """
    known = {name for check in contract.validations for name in (check.id, check.type)}
    for name in only:
        if name not in known:
            message = f"only {shown(name)}: no validation has this id or type"
            raise UsageError(message, remedy=f"there are: {shown(', '.join(sorted(known)))}")
    return {
        index: check
        for index, check in enumerate(contract.validations)
        if not only or check.id in only or check.type in only
    }
