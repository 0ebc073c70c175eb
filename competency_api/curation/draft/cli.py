"""The command that sets the draft back."""

from __future__ import annotations

import click

from competency_api.accounts.authentication import acting
from competency_api.core.commands import acting_option, reading, writing
from competency_api.core.config import Settings
from competency_api.core.errors import NotFound
from competency_api.curation import queries, service
from competency_api.versions.service import plan_publication


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting_option
@click.pass_obj
def discard(settings: Settings, yes: bool, api_key: str | None) -> None:
    """Set the draft back to the newest published version.

    Proposals that were accepted since are submitted again, so that nothing that a person entered is lost.
    """
    with reading(settings) as session:
        plan = plan_publication(session)
        accepted = len(queries.list_accepted(session))
    if plan.numbering is None and not accepted:
        raise NotFound(f"The draft is as {plan.parent}: there is nothing to discard.")
    changed = len(plan.difference.entries)
    if not yes:
        again = f" {accepted} accepted proposals are to be decided again." if accepted else ""
        click.confirm(f"Discard what the draft changes in {changed} concepts?{again}", abort=True, err=True)
    with writing(settings) as session:
        reopened = service.discard_draft(session, acting(session, api_key))
    click.echo(f"Discarded the changes to {changed} concepts; {len(reopened)} proposals are submitted again.", err=True)
