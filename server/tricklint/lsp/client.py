"""What the editor at the other end can take, read once from its capabilities."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder


@dataclass(frozen=True, slots=True)
class Client:
    """The abilities of the editor that change what it is sent."""

    encoding: types.PositionEncodingKind
    related_information: bool
    diagnostic_version: bool
    code_description: bool
    diagnostic_data: bool
    document_changes: bool
    change_annotations: bool
    preferred_actions: bool
    resolves_actions: bool
    markdown: bool
    watches_files: bool
    applies_edits: bool
    refreshes_lenses: bool
    shows_documents: bool
    reports_progress: bool
    probes: bool


def client_of(capabilities: types.ClientCapabilities, *, probes: bool = False) -> Client:
    """Sum up the capabilities; whatever is not announced is absent.

    `probes` is said elsewhere: whether a click on a lens runs a probe.
    """
    text = capabilities.text_document or types.TextDocumentClientCapabilities()
    workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
    window = capabilities.window or types.WindowClientCapabilities()
    publish = text.publish_diagnostics or types.PublishDiagnosticsClientCapabilities()
    actions = text.code_action or types.CodeActionClientCapabilities()
    edits = workspace.workspace_edit or types.WorkspaceEditClientCapabilities()
    hover = text.hover or types.HoverClientCapabilities()
    watched = workspace.did_change_watched_files
    lenses = workspace.code_lens
    resolved = actions.resolve_support.properties if actions.resolve_support else ()
    document_changes = bool(edits.document_changes)
    return Client(
        encoding=types.PositionEncodingKind(
            ServerCapabilitiesBuilder.choose_position_encoding(capabilities)
        ),
        related_information=bool(publish.related_information),
        diagnostic_version=bool(publish.version_support),
        code_description=bool(publish.code_description_support),
        diagnostic_data=bool(publish.data_support),
        document_changes=document_changes,
        # Annotations exist only inside of documentChanges.
        change_annotations=document_changes and edits.change_annotation_support is not None,
        preferred_actions=bool(actions.is_preferred_support),
        resolves_actions="edit" in resolved and bool(actions.data_support),
        markdown=types.MarkupKind.Markdown in (hover.content_format or ()),
        watches_files=bool(watched and watched.dynamic_registration),
        applies_edits=bool(workspace.apply_edit),
        refreshes_lenses=bool(lenses and lenses.refresh_support),
        shows_documents=bool(window.show_document and window.show_document.support),
        reports_progress=bool(window.work_done_progress),
        probes=probes,
    )
