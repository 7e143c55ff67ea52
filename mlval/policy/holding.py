"""Which terms hold for a change under review: those of the base, and what tightens them or was accepted."""

from mlval.domain.terms import Terms, Waiver


def holding(head: Terms, base: Terms | None, *, accepted: bool) -> Terms:
    """Return the terms by which a change is judged.

    A waiver lets nothing pass, and `fail_on: new` has no effect, before the base branch has them or an owner
    of the contract has accepted them. Without a base nothing is let pass.

    Parameters
    ----------
    head : the terms of the contract under review
    base : those of the base branch; None where it has no such contract, or it cannot be read
    accepted : whether an owner accepted what weakens the contract
    """
    if accepted:
        return head
    known = Terms() if base is None else base
    waivers = tuple(waiver for waiver in head.waivers if any(_within(waiver, old) for old in known.waivers))
    loose = head.fail_on == "new" and known.fail_on == "new"
    return head.model_copy(
        update={"policy": known.policy, "waivers": waivers, "fail_on": "new" if loose else "any"}
    )


def _within(waiver: Waiver, known: Waiver) -> bool:
    """Say whether a waiver lets no more pass, and no longer, than one that is known."""
    narrower = waiver.rule == known.rule or waiver.rule.startswith(f"{known.rule}/")
    return narrower and waiver.until <= known.until
